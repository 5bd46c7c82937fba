import { Button, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconDoorExit, IconFolderOpen, IconTrash, IconUserShare } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Section } from '../account/Section';
import { ApiError } from '../api/http';
import { sentence } from '../app/errors';
import { filesPath, sharedPath } from '../app/paths';
import css2 from '../console/Console.module.css';
import { Confirm } from '../console/parts/Confirm';
import { Page } from '../console/parts/Page';
import { toast } from '../feedback/toasts';
import { ListError, Waiting } from '../files/Empty';
import { Nowhere } from '../files/FilesPage';
import { formatMoment } from '../lib/format';
import { AbilityButton } from './AbilityButton';
import { shareApi } from './api';
import { CellMembers } from './CellMembers';
import { CellNodes } from './CellNodes';
import { dayIn, endOfDay, startOfDay } from './draft';
import { Flags } from './Flags';
import { HandOver } from './HandOver';
import { forgetShare, knowCell, refreshShares, shared } from './queries';
import { SaveBar } from './SaveBar';
import { StillRight } from './StillRight';
import { Says, useCheck } from './Says';
import css from './Share.module.css';
import type { Cell, CellChange } from './types';
import { stopSentence, usedWords } from './words';

/** A Cell with its address: what is in it, who gets what, and until when. */
export default function CellPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: shared.cell(id), queryFn: ({ signal }) => shareApi.cell(id, signal) });
  if (asked.error instanceof ApiError && asked.error.status === 404) return <Nowhere text={t('cell.gone')} />;
  if (asked.data) return <Shown key={id} cell={asked.data} />;
  if (asked.error) return <ListError error={asked.error} retry={() => void asked.refetch()} />;
  return <Waiting />;
}

type Edit = { label?: string; description?: string; slug?: string; from?: string; until?: string; discreet?: boolean };

function changeOf(cell: Cell, edit: Edit): CellChange {
  const change: CellChange = {};
  if (edit.label !== undefined && edit.label.trim() !== cell.label) change.label = edit.label.trim();
  if (edit.description !== undefined && edit.description.trim() !== cell.description) change.description = edit.description.trim();
  if (edit.slug !== undefined && edit.slug.trim() !== cell.slug) change.slug = edit.slug.trim();
  if (edit.from !== undefined && edit.from !== dayIn(cell.from)) change.from = startOfDay(edit.from) ?? '';
  if (edit.until !== undefined && edit.until !== dayIn(cell.until)) change.until = endOfDay(edit.until) ?? '';
  if (edit.discreet !== undefined && edit.discreet !== cell.discreet) change.discreet = edit.discreet;
  return change;
}

function Shown({ cell }: { cell: Cell }) {
  const { t, i18n } = useTranslation();
  const [edit, setEdit] = useState<Edit>({});
  const change = changeOf(cell, edit);
  const dirty = Object.keys(change).length > 0;
  const dated = 'from' in change || 'until' in change;
  const checked = useCheck(dated ? { id: cell.id, label: cell.label, from: change.from ?? cell.from, until: change.until ?? cell.until } : undefined);
  const may = cell.abilities.change.allowed;
  const save = async () => {
    knowCell(await shareApi.changeCell(cell.id, change));
    setEdit({});
    refreshShares();
    toast(t('share.saved'));
  };
  const back = cell.mine === 'owner' || cell.mine === 'manager' ? 'by-me' : 'with-me';
  return (
    <Page
      title={cell.label} above={{ href: sharedPath(back), label: back === 'by-me' ? t('rail.byMe') : t('rail.withMe') }}
      actions={<Button component={Link} href={filesPath(cell.slug)} variant="default" size="sm" leftSection={<IconFolderOpen size={18} stroke={1.5} aria-hidden />}>{t('cell.files')}</Button>}
      foot={(
        <SaveBar dirty={dirty} blocked={(edit.label ?? cell.label).trim() === '' ? t('cell.noName') : undefined} save={save} discard={() => setEdit({})}>
          {dated ? <Says checked={checked} /> : <p>{t('share.wordsOnly')}</p>}
        </SaveBar>
      )}
    >
      <Stopped cell={cell} />
      {cell.review && <StillRight id={cell.id} name={cell.label} review={cell.review} />}
      <CellNodes cell={cell} />
      <CellMembers cell={cell} />
      <Section id="cell" title={t('cell.about')}>
        {may && (
          <div className={css2.form}>
            <TextInput label={t('cell.label')} value={edit.label ?? cell.label} maxLength={200} onChange={(event) => setEdit({ ...edit, label: event.currentTarget.value })} />
            <Textarea label={t('cell.description')} value={edit.description ?? cell.description} maxLength={2000} rows={2} onChange={(event) => setEdit({ ...edit, description: event.currentTarget.value })} />
            <div className={css.pair}>
              <TextInput type="date" label={t('share.firstDay')} value={edit.from ?? dayIn(cell.from)} onChange={(event) => setEdit({ ...edit, from: event.currentTarget.value })} />
              <TextInput type="date" label={t('share.lastDay')} value={edit.until ?? dayIn(cell.until)} onChange={(event) => setEdit({ ...edit, until: event.currentTarget.value })} />
            </div>
            <Switch label={t('cell.discreet')} description={t('cell.discreetText')} checked={edit.discreet ?? cell.discreet} onChange={(event) => setEdit({ ...edit, discreet: event.currentTarget.checked })} />
            <TextInput label={t('cell.slug')} description={t('cell.slugText')} value={edit.slug ?? cell.slug} maxLength={64} spellCheck={false} onChange={(event) => setEdit({ ...edit, slug: event.currentTarget.value })} />
          </div>
        )}
        <dl className={may ? `${css2.facts} ${css.factsBelow}` : css2.facts}>
          {!may && cell.description !== '' && <Fact label={t('cell.description')}>{cell.description}</Fact>}
          {!may && cell.from && <Fact label={t('share.from')}>{formatMoment(cell.from, i18n.language)}</Fact>}
          {!may && cell.until && <Fact label={t('share.until')}>{formatMoment(cell.until, i18n.language)}</Fact>}
          <Fact label={t('share.owner')}>{cell.owner.name || cell.owner.login}</Fact>
          {!(cell.discreet && cell.mine === 'member' && cell.use.last === undefined) && <Fact label={t('share.usage')}>{usedWords(cell.use, t, i18n.language)}{cell.use.last && ` · ${t('share.lastUse', { when: formatMoment(cell.use.last, i18n.language) })}`}</Fact>}
          <Fact label={t('details.created')}>{formatMoment(cell.created, i18n.language)}</Fact>
        </dl>
      </Section>
      <Ways cell={cell} />
    </Page>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return <div><dt>{label}</dt><dd>{children}</dd></div>;
}

/** Why it gives nothing, or less than it says. */
function Stopped({ cell }: { cell: Cell }) {
  const { t } = useTranslation();
  const said = cell.void !== undefined || cell.flags.includes('weaker') || cell.flags.includes('owner-gone');
  if (!said) return cell.flags.length > 0 && <p><Flags flags={cell.flags} /></p>;
  return (
    <div className={css.note} role={cell.void ? 'alert' : undefined}>
      {cell.void && <p><IconAlertTriangle size={18} stroke={1.5} aria-hidden /> {stopSentence(cell.void, t)}</p>}
      {cell.flags.includes('weaker') && <p>{t('cell.weaker')}</p>}
      {cell.flags.includes('owner-gone') && <p>{t('cell.ownerGone')}</p>}
    </div>
  );
}

/** The ways out of a Cell: leaving it, handing it over, ending it. */
function Ways({ cell }: { cell: Cell }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'leave' | 'end' | 'hand'>();
  const name = cell.label;
  const gone = (text: string) => {
    navigate(sharedPath(cell.mine === 'owner' ? 'by-me' : 'with-me'), { replace: true });
    setTimeout(() => forgetShare(cell.id));
    toast(text);
  };
  return (
    <Section id="ways" title={cell.mine === 'member' ? t('cell.wayOut') : t('cell.ways')}>
      <div className={css2.buttons}>
        {cell.mine !== 'owner' && <AbilityButton ability={cell.abilities.leave} icon={<IconDoorExit size={18} stroke={1.5} aria-hidden />} onClick={() => setAsking('leave')}>{t('cell.leave')}</AbilityButton>}
        {cell.mine !== 'member' && <AbilityButton ability={cell.abilities.handOver} icon={<IconUserShare size={18} stroke={1.5} aria-hidden />} onClick={() => setAsking('hand')}>{t('cell.handOver')}</AbilityButton>}
        {cell.mine !== 'member' && <AbilityButton ability={cell.abilities.end} icon={<IconTrash size={18} stroke={1.5} aria-hidden />} onClick={() => setAsking('end')}>{t('cell.end')}</AbilityButton>}
      </div>
      {asking === 'leave' && <Confirm title={t('cell.leave')} text={t('cell.leaveAsk', { name })} go={t('cell.leave')} run={() => shareApi.leaveCell(cell.id).then(() => gone(t('cell.left', { name })))} onClose={() => setAsking(undefined)} />}
      {asking === 'end' && <Confirm title={t('cell.end')} text={t('cell.endAsk', { name })} go={t('cell.end')} run={() => shareApi.endCell(cell.id).then(() => gone(t('cell.ended', { label: name })))} onClose={() => setAsking(undefined)} />}
      {asking === 'hand' && <HandOver cell={cell} onClose={() => setAsking(undefined)} />}
    </Section>
  );
}

/** Says what went wrong with one change of a Cell. */
export function Failed({ error }: { error: unknown }) {
  return error ? <p role="alert" className={css2.error}>{sentence(error)}</p> : null;
}
