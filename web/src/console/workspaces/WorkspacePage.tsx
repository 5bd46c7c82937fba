import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { Section } from '../../account/Section';
import { consolePath } from '../../app/paths';
import { placeName } from '../../app/places';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import { formatMoment } from '../../lib/format';
import { choiceWord } from '../access/AccessPanel';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { choiceOf } from '../model/access';
import { ChangeBar } from '../parts/ChangeBar';
import { Confirm } from '../parts/Confirm';
import { Page } from '../parts/Page';
import { refreshConsole, useConsoleWorkspaces } from '../queries';
import type { ConsoleWorkspace } from '../types';

/** A workspace with its address: its name, its folder, and which roles hold something there. */
export default function WorkspacePage({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const workspaces = useConsoleWorkspaces();
  const workspace = workspaces.data?.find((one) => one.slug === slug);
  if (workspace) return <Shown workspace={workspace} />;
  if (workspaces.data) return <Nowhere text={t('workspaces.gone')} />;
  if (workspaces.error) return <ListError error={workspaces.error} retry={() => void workspaces.refetch()} />;
  return <Waiting />;
}

function Shown({ workspace }: { workspace: ConsoleWorkspace }) {
  const { t } = useTranslation();
  const [label, setLabel] = useState(workspace.label);
  const [removing, setRemoving] = useState(false);
  const name = placeName(workspace.label);
  const save = async () => {
    await consoleApi.renameWorkspace(workspace.slug, label.trim());
    refreshConsole();
    toast(t('save.done'));
  };
  const remove = async () => {
    await consoleApi.removeWorkspace(workspace.slug);
    refreshConsole();
    toast(t('workspaces.removed', { name }));
    navigate(consolePath('workspaces'), { replace: true });
  };
  return (
    <Page
      title={name} above={{ href: consolePath('workspaces'), label: t('console.workspaces') }}
      actions={<Button variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setRemoving(true)}>{t('workspaces.remove')}</Button>}
      foot={<ChangeBar dirty={label !== workspace.label} changes={[]} blocked={label.trim() === '' ? t('workspaces.noName') : undefined} save={save} discard={() => setLabel(workspace.label)} />}
    >
      <Section id="workspace" title={t('workspaces.what')}>
        <div className={css.form}>
          <TextInput label={t('workspaces.label')} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
          <dl className={css.facts}>
            <div><dt>{t('workspaces.slug')}</dt><dd className={css.mono}>{workspace.slug}</dd></div>
            <div><dt>{t('workspaces.folder')}</dt><dd>{workspace.path ?? t('workspaces.template')}</dd></div>
          </dl>
        </div>
      </Section>
      {workspace.node && <Holders node={workspace.node} />}
      {removing && <Confirm title={t('workspaces.remove')} text={t('workspaces.removeAsk', { name })} go={t('workspaces.remove')} run={remove} onClose={() => setRemoving(false)} />}
    </Page>
  );
}

function Holders({ node }: { node: string }) {
  const { t, i18n } = useTranslation();
  const entries = useQuery({ queryKey: ['console', 'entries', 'of', node], queryFn: () => consoleApi.entries({ node }) });
  return (
    <Section id="holders" title={t('access.title')} text={t('workspaces.accessText')}>
      <Asked query={entries}>
        {(list) => (list.length === 0 ? <p className={css.dim}>{t('workspaces.nobody')}</p> : (
          <ul>
            {list.map((entry) => (
              <li key={entry.id}>
                <Link href={consolePath('roles', entry.role)}>{entry.roleLabel || entry.role}</Link>{': '}
                {(entry.policies ?? []).length > 0 ? entry.policies.join(', ') : choiceWord(choiceOf(entry), t)}
                {entry.expires && <span className={css.dim}> · {t('workspaces.until', { when: formatMoment(entry.expires, i18n.language) })}</span>}
              </li>
            ))}
          </ul>
        ))}
      </Asked>
    </Section>
  );
}
