import { Button, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Section } from '../../account/Section';
import { consolePath, peoplePath } from '../../app/paths';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import { AccessPanel } from '../access/AccessPanel';
import { useAccess } from '../access/useAccess';
import css from '../Console.module.css';
import { ChangeBar } from '../parts/ChangeBar';
import { Page } from '../parts/Page';
import { refreshConsole, useGroups } from '../queries';
import type { Group } from '../types';
import { groupsApi } from './api';
import { GroupPicker } from './GroupPicker';
import { groupName } from './GroupTree';
import { above, treeOf } from './tree';

/** A group with its address: its name and place in the tree, its people, and what its role holds. */
export default function GroupPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const groups = useGroups();
  const group = groups.data?.find((one) => one.id === id);
  if (group) return <Shown group={group} all={groups.data ?? []} />;
  if (groups.data) return <Nowhere text={t('groups.gone')} />;
  if (groups.error) return <ListError error={groups.error} retry={() => void groups.refetch()} />;
  return <Waiting />;
}

/** More groups beneath than are named one by one. */
const mostNamed = 20;

function Shown({ group, all }: { group: Group; all: readonly Group[] }) {
  const { t } = useTranslation();
  const access = useAccess(group.role);
  const [name, setName] = useState(group.name);
  const [parent, setParent] = useState<Group>();
  const tree = useMemo(() => treeOf(all), [all]);
  const beneath = tree.beneath.get(group.id) ?? [];
  const root = group.path === '/';
  const kept = tree.byId.get(group.parent ?? '');
  const moved = parent !== undefined && parent.id !== group.parent ? parent : undefined;
  const named = name.trim() !== group.name;
  const shown = groupName(group, t('groups.root'));
  const refuse = (one: Group) => (one.id === group.id || above(tree, one.id).some((up) => up.id === group.id) ? t('groups.notBeneath') : undefined);
  const save = async () => {
    if (named || moved) await groupsApi.change(group.id, { ...(named ? { name: name.trim() } : {}), ...(moved ? { parent: moved.id } : {}) });
    await access.save();
    setParent(undefined);
    refreshConsole();
    toast(moved ? t('people.savedEnded') : t('save.done'));
  };
  return (
    <Page
      title={shown} above={{ href: consolePath('groups'), label: t('console.groups') }}
      actions={root
        ? <Button variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden />} aria-disabled data-disabled title={t('groups.rootStays')}>{t('groups.delete')}</Button>
        : <Button component={Link} href={consolePath('groups', group.id, 'leave')} variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden />}>{t('groups.delete')}</Button>}
      foot={(
        <ChangeBar
          dirty={named || moved !== undefined || access.changes.length > 0} changes={access.changes} save={save} discard={() => { access.discard(); setName(group.name); setParent(undefined); }}
          blocked={access.incomplete ? t('access.incomplete') : !root && name.trim() === '' ? t('groups.noName') : undefined} uncounted={moved ? t('groups.moveCounts') : undefined}
        />
      )}
    >
      <Section id="group" title={t('groups.what')}>
        <div className={css.form}>
          {!root && (
            <>
              <TextInput label={t('groups.name')} value={name} maxLength={256} onChange={(event) => setName(event.currentTarget.value)} />
              <GroupPicker label={t('groups.parent')} description={moved ? t('groups.moveCounts') : undefined} value={moved ?? kept} onChange={setParent} refuse={refuse} />
            </>
          )}
          <dl className={css.facts}>
            <div><dt>{t('groups.path')}</dt><dd>{group.path}</dd></div>
            <div><dt>{t('groups.role')}</dt><dd><Link href={consolePath('roles', group.role)}>{t('groups.roleEntries')}</Link></dd></div>
            <div><dt>{t('console.people')}</dt><dd><Link href={root ? consolePath('people') : peoplePath({ group: group.id, alone: true })}>{t('groups.people', { count: group.users })}</Link></dd></div>
            {beneath.length > 0 && (
              <div>
                <dt>{t('groups.beneath')}</dt>
                <dd>
                  {beneath.slice(0, mostNamed).map((one, i) => <span key={one.id}>{i > 0 && ', '}<Link href={consolePath('groups', one.id)}>{one.name}</Link></span>)}
                  {beneath.length > mostNamed && ` ${t('groups.beneathMore', { count: beneath.length - mostNamed })}`}
                </dd>
              </div>
            )}
          </dl>
        </div>
      </Section>
      <AccessPanel access={access} text={t('groups.accessText')} />
    </Page>
  );
}
