import { Button, Drawer, Menu, NativeSelect, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { IconChevronDown, IconDots, IconDownload, IconPlus, IconSearch, IconUpload, IconUsersGroup } from '@tabler/icons-react';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { kindWord } from '../../account/words';
import { consolePath, type PeopleLook, readPeople, writePeople } from '../../app/paths';
import { formatCount } from '../../lib/format';
import { GroupTree } from '../groups/GroupTree';
import { Page } from '../parts/Page';
import { useGroups, useRoles } from '../queries';
import type { Group } from '../types';
import { peopleApi } from './api';
import css from './People.module.css';
import { PeopleTable } from './PeopleTable';
import type { PersonState } from './types';
import { usePeoplePages } from './usePeople';

/** Time for the next letter, before the server is asked. */
const patience = 120;
const profiles = ['standard', 'shared', 'admin'];
const states: PersonState[] = ['active', 'disabled', 'never'];

/** Everybody who has an account: the groups at the left, their people at the right. */
export default function PeoplePage() {
  const { t, i18n } = useTranslation();
  const search = useSearch();
  const look = useMemo(() => readPeople(search), [search]);
  const set = (change: Partial<PeopleLook>, step: 'push' | 'replace' = 'replace') =>
    navigate(location.pathname + writePeople({ ...readPeople(location.search), ...change }), { replace: step === 'replace' });
  const groups = useGroups();
  const found = usePeoplePages(look);
  const narrow = useMediaQuery('(max-width: 960px)', undefined, { getInitialValueInEffect: false });
  const [drawn, setDrawn] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const group = groups.data?.find((one) => one.id === look.group);
  const place = group === undefined || group.path === '/' ? t('groups.root') : group.path;
  const choose = (one: Group) => {
    setDrawn(false);
    set({ group: one.path === '/' ? '' : one.id }, 'push');
  };
  const tree = (
    <Asked query={groups}>
      {(all) => <GroupTree key={narrow ? 'drawer' : 'pane'} label={t('console.groups')} groups={all} chosen={look.group || all.find((one) => one.path === '/')?.id} onChoose={choose} />}
    </Asked>
  );
  return (
    <Page
      fill title={t('console.people')}
      actions={(
        <>
          <Menu position="bottom-end">
            <Menu.Target><Button size="sm" variant="default" aria-label={t('people.more')} px={10}><IconDots size={18} aria-hidden /></Button></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component={Link} href={consolePath('people', 'import')} leftSection={<IconUpload size={18} stroke={1.5} aria-hidden />}>{t('people.import')}</Menu.Item>
              <Menu.Item component="a" href={peopleApi.exportUrl} download leftSection={<IconDownload size={18} stroke={1.5} aria-hidden />}>{t('people.export')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button component={Link} href={`${consolePath('people', 'new')}${look.group ? `?group=${look.group}` : ''}`} size="sm" leftSection={<IconPlus size={18} aria-hidden />}>{t('people.new')}</Button>
        </>
      )}
    >
      <div className={css.panes}>
        {!narrow && <aside className={css.groups} aria-label={t('console.groups')}>{tree}</aside>}
        <div className={css.list}>
          <div className={css.tools}>
            {narrow && <Button variant="default" leftSection={<IconUsersGroup size={18} stroke={1.5} aria-hidden />} rightSection={<IconChevronDown size={16} aria-hidden />} className={css.place} aria-haspopup="dialog" onClick={() => setDrawn(true)}>{place}</Button>}
            <Find field={field} look={look} onFind={(find) => set({ find })} onDown={() => scroller.current?.querySelector<HTMLElement>('[data-row] a')?.focus()} />
            <Filters look={look} set={set} />
          </div>
          <div className={css.line}>
            {!narrow && <strong className={css.where}>{place}</strong>}
            <span role="status" className={css.dim}>{found.total !== undefined && t('people.count', { count: found.total, shown: formatCount(found.total, i18n.language) })}</span>
            {group && group.path !== '/' && (
              <>
                <Switch size="xs" label={t('people.beneath')} checked={!look.alone} onChange={(event) => set({ alone: !event.currentTarget.checked })} />
                <Link href={consolePath('groups', group.id)}>{t('people.groupPage')}</Link>
              </>
            )}
          </div>
          <PeopleTable key={writePeople({ ...look, find: '' })} found={found} label={t('console.people')} scroller={scroller} narrowed={writePeople(look) !== ''} onUp={() => field.current?.focus()} />
        </div>
      </div>
      {narrow && (
        <Drawer opened={drawn} onClose={() => setDrawn(false)} title={t('console.groups')} position="bottom" size="80%" closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ body: css.drawer, content: css.drawn }}>
          {tree}
        </Drawer>
      )}
    </Page>
  );
}

function Find({ field, look, onFind, onDown }: { field: RefObject<HTMLInputElement | null>; look: PeopleLook; onFind: (find: string) => void; onDown: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(look.find);
  const [known, setKnown] = useState(look.find);
  // Back and forward bring back what was looked for.
  if (known !== look.find) {
    setKnown(look.find);
    if (look.find !== typed.trim()) setTyped(look.find);
  }
  const tell = useDebouncedCallback((find: string) => onFind(find.trim()), patience);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const elsewhere = event.target instanceof Element && event.target.closest('input, textarea, select, [role=dialog], [role=menu]');
      if (event.key === '/' && !elsewhere && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [field]);
  return (
    <TextInput
      ref={field} type="search" className={css.find} value={typed} aria-label={t('people.find')} placeholder={t('people.find')} spellCheck={false} leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
      onChange={(event) => { setTyped(event.currentTarget.value); tell(event.currentTarget.value); }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown') {
          event.preventDefault();
          onDown();
        }
      }}
    />
  );
}

function Filters({ look, set }: { look: PeopleLook; set: (change: Partial<PeopleLook>) => void }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const stateWord: Record<PersonState, string> = { active: t('people.active'), disabled: t('people.disabled'), never: t('people.neverSigned') };
  const free = (roles.data ?? []).filter((one) => !one.ownerUser && !one.ownerGroup);
  return (
    <>
      <NativeSelect
        aria-label={t('account.kind')} value={look.profile} className={css.filter} data={[{ value: '', label: t('people.anyKind') }, ...profiles.map((value) => ({ value, label: kindWord(value, t) }))]}
        onChange={(event) => set({ profile: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label={t('people.state')} value={look.state} className={css.filter} data={[{ value: '', label: t('people.anyState') }, ...states.map((value) => ({ value, label: stateWord[value] }))]}
        onChange={(event) => set({ state: event.currentTarget.value })}
      />
      <Select
        aria-label={t('people.roles')} placeholder={t('people.anyRole')} value={look.role || null} searchable clearable limit={50} className={css.filter} nothingFoundMessage={t('table.none')} clearButtonProps={{ 'aria-label': t('people.anyRole') }}
        data={free.map((one) => ({ value: one.id, label: one.label || one.id }))} onChange={(role) => set({ role: role ?? '' })}
      />
    </>
  );
}
