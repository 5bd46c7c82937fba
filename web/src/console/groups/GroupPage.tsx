import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Section } from '../../account/Section';
import { consolePath } from '../../app/paths';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import { AccessPanel } from '../access/AccessPanel';
import { useAccess } from '../access/useAccess';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { ChangeBar } from '../parts/ChangeBar';
import { Confirm } from '../parts/Confirm';
import { Page } from '../parts/Page';
import { refreshConsole, useGroups } from '../queries';
import type { Group } from '../types';

/** A group with its address: where it is in the tree, and what its role holds. */
export default function GroupPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const groups = useGroups();
  const group = groups.data?.find((one) => one.id === id);
  if (group) return <Shown group={group} all={groups.data ?? []} />;
  if (groups.data) return <Nowhere text={t('groups.gone')} />;
  if (groups.error) return <ListError error={groups.error} retry={() => void groups.refetch()} />;
  return <Waiting />;
}

function Shown({ group, all }: { group: Group; all: readonly Group[] }) {
  const { t } = useTranslation();
  const access = useAccess(group.role);
  const [deleting, setDeleting] = useState(false);
  const beneath = all.filter((one) => one.parent === group.id);
  const full = group.path === '/' ? t('groups.rootStays') : group.users > 0 || beneath.length > 0 ? t('groups.notEmpty') : undefined;
  const name = group.name || group.path;
  const save = async () => {
    await access.save();
    refreshConsole();
    toast(t('save.done'));
  };
  const remove = async () => {
    await consoleApi.deleteGroup(group.id);
    refreshConsole();
    toast(t('groups.deleted', { name }));
    navigate(consolePath('groups'), { replace: true });
  };
  return (
    <Page
      title={name} above={{ href: consolePath('groups'), label: t('console.groups') }}
      actions={(
        <Button
          variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden />} aria-disabled={full !== undefined || undefined} data-disabled={full !== undefined || undefined} title={full}
          onClick={() => { if (!full) setDeleting(true); }}
        >
          {t('groups.delete')}
        </Button>
      )}
      foot={<ChangeBar dirty={access.changes.length > 0} changes={access.changes} save={save} discard={access.discard} blocked={access.incomplete ? t('access.incomplete') : undefined} />}
    >
      <Section id="group" title={t('groups.what')}>
        <dl className={css.facts}>
          <div><dt>{t('groups.path')}</dt><dd>{group.path}</dd></div>
          <div><dt>{t('groups.role')}</dt><dd><Link href={consolePath('roles', group.role)}>{group.role}</Link></dd></div>
          <div><dt>{t('console.people')}</dt><dd><Link href={`${consolePath('people')}?find=${encodeURIComponent(group.path)}`}>{t('groups.people', { count: group.users })}</Link></dd></div>
          {beneath.length > 0 && (
            <div>
              <dt>{t('groups.beneath')}</dt>
              <dd>{beneath.map((one, i) => <span key={one.id}>{i > 0 && ', '}<Link href={consolePath('groups', one.id)}>{one.name}</Link></span>)}</dd>
            </div>
          )}
        </dl>
      </Section>
      <AccessPanel access={access} text={t('groups.accessText')} />
      {deleting && <Confirm title={t('groups.delete')} text={t('groups.deleteAsk', { name })} go={t('groups.delete')} run={remove} onClose={() => setDeleting(false)} />}
    </Page>
  );
}
