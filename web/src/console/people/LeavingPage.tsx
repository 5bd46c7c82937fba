import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { PeoplePicker } from '../../account/PeoplePicker';
import { Section } from '../../account/Section';
import type { FoundPerson } from '../../account/types';
import { ApiError } from '../../api/http';
import { sentence } from '../../app/errors';
import { consolePath } from '../../app/paths';
import { useSession } from '../../app/queries';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import type { Translate } from '../../i18n';
import { formatCount, formatSize } from '../../lib/format';
import css from '../Console.module.css';
import { Page } from '../parts/Page';
import { kept, refreshConsole } from '../queries';
import type { PersonRecord } from '../types';
import { peopleApi } from './api';
import own from './People.module.css';
import { ofPerson } from './PersonSignIn';
import type { Leaving } from './types';

/** Before somebody is deleted: what goes with her, and to whom her files pass. */
export default function LeavingPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const person = useQuery({ queryKey: kept.person(id), queryFn: () => peopleApi.person(id) });
  const leaving = useQuery({ queryKey: ofPerson(id, 'leaving'), queryFn: () => peopleApi.leaving(id) });
  if (person.error instanceof ApiError && person.error.status === 404) return <Nowhere text={t('people.gone')} />;
  if (person.error) return <ListError error={person.error} retry={() => void person.refetch()} />;
  if (!person.data) return <Waiting />;
  const name = person.data.name || person.data.login;
  const one = person.data;
  return (
    <Page title={t('leave.title', { name })} above={{ href: consolePath('people', id), label: name }}>
      <Asked query={leaving}>{(goes) => <Form person={one} goes={goes} />}</Asked>
    </Page>
  );
}

function Form({ person, goes }: { person: PersonRecord; goes: Leaving }) {
  const { t, i18n } = useTranslation();
  const me = useSession().data?.user.id === person.id;
  const [heir, setHeir] = useState<FoundPerson>();
  const [typed, setTyped] = useState('');
  const name = person.name || person.login;
  const has = goes.files + goes.folders > 0;
  const remove = useMutation({
    mutationFn: () => peopleApi.remove(person.id, typed, heir?.id),
    onSuccess: () => {
      refreshConsole();
      toast(heir ? t('leave.doneHeir', { name, heir: heir.name || heir.login }) : t('leave.done', { name }));
      navigate(consolePath('people'), { replace: true });
    },
  });
  const stop = me ? t('people.notYourself') : has && !heir ? t('leave.heirFirst') : typed !== person.login ? t('leave.typeFirst', { login: person.login }) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (stop === undefined && !remove.isPending) remove.mutate();
  };
  const lines = gone(goes, t);
  return (
    <form onSubmit={submit} noValidate>
      <Section id="files" title={t('leave.files')}>
        {has ? (
          <>
            <p>{t('leave.has', { files: formatCount(goes.files, i18n.language), folders: formatCount(goes.folders, i18n.language), size: formatSize(goes.bytes, i18n.language) })}{goes.binned > 0 && ` ${t('leave.binned', { count: goes.binned })}`}</p>
            {goes.homes.length > 0 && <p className={css.dim}>{t('leave.homes', { homes: goes.homes.join(', ') })}</p>}
            <div className={css.form}>
              <PeoplePicker
                label={t('leave.heir')} description={t('leave.heirText')} name="heirs" search={peopleApi.find} shortest={1} without={[person.id]} value={heir} onPick={setHeir}
                error={remove.error instanceof ApiError && remove.error.code === 'heir-needed' ? sentence(remove.error) : undefined}
              />
            </div>
          </>
        ) : <p className={css.dim}>{t('leave.noFiles')}</p>}
      </Section>
      <Section id="goes" title={t('leave.goes')}>
        {lines.length === 0 ? <p className={css.dim}>{t('leave.onlyAccount')}</p> : <ul className={own.goes}>{lines.map((line) => <li key={line}>{line}</li>)}</ul>}
        {goes.policies.length > 0 && (
          <p>
            {t('leave.policies')}{' '}
            {goes.policies.map((one, i) => <span key={one}>{i > 0 && ', '}<Link href={consolePath('policies', one)}>{one}</Link></span>)}
          </p>
        )}
      </Section>
      <Section id="sure" title={t('leave.sure')}>
        <div className={css.form}>
          <TextInput label={t('leave.type', { login: person.login })} value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.currentTarget.value)} />
          {remove.error && <p role="alert" className={css.error}>{sentence(remove.error)}</p>}
          <div className={css.buttons}>
            <Button type="submit" color="red" loading={remove.isPending} disabled={stop !== undefined} title={stop} aria-describedby="leave-why">{t('leave.go', { name })}</Button>
            <Button component={Link} href={consolePath('people', person.id)} variant="default">{t('dialog.cancel')}</Button>
          </div>
          {stop && <p id="leave-why" className={own.stop}>{stop}</p>}
        </div>
      </Section>
    </form>
  );
}

/** What disappears with the account, a line each. */
function gone(goes: Leaving, t: Translate): string[] {
  const lines = [];
  if (goes.entries > 0) lines.push(t('leave.entries', { count: goes.entries }));
  if (goes.sessions > 0) lines.push(t('leave.sessions', { count: goes.sessions }));
  if (goes.tokens > 0) lines.push(t('leave.tokens', { count: goes.tokens }));
  if (goes.uploads > 0) lines.push(t('leave.uploads', { count: goes.uploads }));
  if (goes.teams.length > 0) lines.push(t('leave.teams', { teams: goes.teams.join(', ') }));
  return lines;
}
