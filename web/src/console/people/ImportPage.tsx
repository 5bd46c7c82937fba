import { Button, FileButton, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDownload, IconFileSpreadsheet, IconSearch } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { sentence } from '../../app/errors';
import { consolePath } from '../../app/paths';
import css from '../Console.module.css';
import { Mark } from '../parts/Mark';
import { Page } from '../parts/Page';
import { refreshConsole } from '../queries';
import { peopleApi } from './api';
import { fates, fateTones, fateWord, firstFate, linksCsv, rowsOf } from './fates';
import own from './Import.module.css';
import { ImportRows } from './ImportRows';
import type { Fate, ImportReport } from './types';

/** People from a table: what would become of each row, and only then the import. */
export default function ImportPage() {
  const { t } = useTranslation();
  const [file, setFile] = useState<{ name: string; text: string }>();
  const tried = useMutation({ mutationFn: (text: string) => peopleApi.import(text, true) });
  const done = useMutation({ mutationFn: (text: string) => peopleApi.import(text, false), onSuccess: refreshConsole });
  const choose = async (chosen: File | null | undefined) => {
    if (!chosen) return;
    const text = await chosen.text();
    setFile({ name: chosen.name, text });
    done.reset();
    tried.mutate(text);
  };
  return (
    <Page fill title={t('people.import')} above={{ href: consolePath('people'), label: t('console.people') }}>
      {done.data ? <Done report={done.data} /> : (
        <>
          <Drop name={file?.name} busy={tried.isPending} onFile={(chosen) => void choose(chosen)} />
          {tried.error && <p role="alert" className={css.error}>{sentence(tried.error)}</p>}
          {tried.data && file && (
            <Report
              key={file.text} report={tried.data} error={done.error} busy={done.isPending}
              go={() => done.mutate(file.text)} discard={() => { setFile(undefined); tried.reset(); done.reset(); }}
            />
          )}
        </>
      )}
    </Page>
  );
}

function Drop({ name, busy, onFile }: { name?: string; busy: boolean; onFile: (file: File | null | undefined) => void }) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const allow = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <div
      className={own.drop} data-over={over || undefined} data-small={name !== undefined || undefined} onDragOver={allow} onDragEnter={allow} onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); onFile(event.dataTransfer.files[0]); }}
    >
      <IconFileSpreadsheet size={name === undefined ? 40 : 24} stroke={1} aria-hidden />
      <div>
        <p>{name === undefined ? t('csv.drop') : <strong>{name}</strong>}{busy && <span role="status"> {t('csv.reading')}</span>}</p>
        {name === undefined && <p className={css.dim}>{t('csv.columns')} <code>login,name,email,profile,group,roles,disabled,invite,attr:…</code></p>}
      </div>
      <FileButton accept=".csv,text/csv" onChange={onFile}>
        {(props) => <Button {...props} variant={name === undefined ? 'filled' : 'default'} size="sm">{name === undefined ? t('csv.choose') : t('csv.other')}</Button>}
      </FileButton>
    </div>
  );
}

type ReportProps = { report: ImportReport; error: unknown; busy: boolean; go: () => void; discard: () => void };

function Report({ report, error, busy, go, discard }: ReportProps) {
  const { t } = useTranslation();
  const [fate, setFate] = useState<Fate | ''>(firstFate(report));
  const [find, setFind] = useState('');
  const rows = rowsOf(report.rows, fate, find);
  const stop = report.refused > 0 ? t('csv.mend', { count: report.refused }) : report.create + report.change === 0 ? t('csv.nothing') : undefined;
  return (
    <>
      <div className={own.tools} role="group" aria-label={t('csv.fates')}>
        <button type="button" className={own.fate} aria-pressed={fate === ''} onClick={() => setFate('')}>{t('csv.all')} <strong>{report.rows.length}</strong></button>
        {fates.map((one) => (
          <button key={one} type="button" className={own.fate} aria-pressed={fate === one} onClick={() => setFate(fate === one ? '' : one)}>
            <Mark tone={fateTones[one]}>{fateWord(one, t)}</Mark> <strong>{report[one]}</strong>
          </button>
        ))}
        <TextInput type="search" value={find} aria-label={t('table.find')} placeholder={t('table.find')} className={own.find} leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />} onChange={(event) => setFind(event.currentTarget.value)} />
      </div>
      <ImportRows rows={rows} />
      <section className={own.foot} aria-label={t('csv.go')}>
        <div className={own.says}>
          <p role="status">{stop ?? t('csv.will', { create: report.create, change: report.change })}</p>
          {error !== null && <p role="alert" className={css.error}>{sentence(error)}</p>}
        </div>
        <div className={css.buttons}>
          <Button variant="default" onClick={discard}>{t('save.discard')}</Button>
          <Button disabled={stop !== undefined} title={stop} loading={busy} onClick={go}>{t('csv.go')}</Button>
        </div>
      </section>
    </>
  );
}

function Done({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const links = report.links ?? {};
  const count = Object.keys(links).length;
  const save = () => {
    const address = URL.createObjectURL(new Blob([linksCsv(links)], { type: 'text/csv' }));
    Object.assign(document.createElement('a'), { href: address, download: 'links.csv' }).click();
    URL.revokeObjectURL(address);
  };
  return (
    <div className={own.done}>
      <p role="status"><strong>{t('csv.done', { create: report.create, change: report.change })}</strong></p>
      {count > 0 && (
        <>
          <p>{t('csv.links', { count })}</p>
          <Button leftSection={<IconDownload size={18} aria-hidden />} onClick={save}>{t('csv.saveLinks')}</Button>
        </>
      )}
      <p><Link href={consolePath('people')}>{t('csv.toPeople')}</Link></p>
    </div>
  );
}
