import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { Section } from '../../account/Section';
import { sentence } from '../../app/errors';
import { consolePath, peoplePath } from '../../app/paths';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import css from '../Console.module.css';
import { Page } from '../parts/Page';
import own from '../people/People.module.css';
import { refreshConsole, useGroups } from '../queries';
import type { Group } from '../types';
import { type GroupLeaving, groupsApi } from './api';
import { GroupPicker } from './GroupPicker';
import { above, treeOf } from './tree';

/** Before a group is deleted: what goes with it, and where its people move. */
export default function GroupLeavingPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const groups = useGroups();
  const leaving = useQuery({ queryKey: ['console', 'group', id, 'leaving'], queryFn: () => groupsApi.leaving(id) });
  const group = groups.data?.find((one) => one.id === id);
  if (groups.error && !groups.data) return <ListError error={groups.error} retry={() => void groups.refetch()} />;
  if (!groups.data) return <Waiting />;
  if (!group || group.path === '/') return <Nowhere text={group ? t('groups.rootStays') : t('groups.gone')} />;
  return (
    <Page title={t('groups.leaveTitle', { name: group.name })} above={{ href: consolePath('groups', id), label: group.name }}>
      <Asked query={leaving}>{(goes) => <Form group={group} all={groups.data} goes={goes} />}</Asked>
    </Page>
  );
}

function Form({ group, all, goes }: { group: Group; all: readonly Group[]; goes: GroupLeaving }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Group>();
  const tree = useMemo(() => treeOf(all), [all]);
  const to = chosen ?? tree.byId.get(group.parent ?? '');
  const remove = useMutation({
    mutationFn: () => groupsApi.remove(group.id, to?.id),
    onSuccess: () => {
      refreshConsole();
      toast(t('groups.deleted', { name: group.name }));
      navigate(consolePath('groups'), { replace: true });
    },
  });
  const refuse = (one: Group) => (one.id === group.id || above(tree, one.id).some((up) => up.id === group.id) ? t('groups.goesToo') : undefined);
  return (
    <>
      <Section id="goes" title={t('leave.goes')}>
        <ul className={own.goes}>
          <li>{t('groups.goesItself', { path: group.path })}</li>
          {goes.groups > 0 && <li>{t('groups.goesBeneath', { count: goes.groups })}</li>}
          {goes.entries > 0 && <li>{t('leave.entries', { count: goes.entries })}</li>}
        </ul>
        {goes.policies.length > 0 && <p>{t('leave.policies')} {goes.policies.map((one, i) => <span key={one}>{i > 0 && ', '}<Link href={consolePath('policies', one)}>{one}</Link></span>)}</p>}
      </Section>
      <Section id="people" title={t('console.people')}>
        {goes.users > 0 ? (
          <div className={css.form}>
            <p><Link href={peoplePath({ group: group.id })}>{t('groups.people', { count: goes.users })}</Link></p>
            <GroupPicker label={t('groups.moveTo')} description={t('groups.moveToText')} value={to} onChange={setChosen} refuse={refuse} />
          </div>
        ) : <p className={css.dim}>{t('groups.nobodyIn')}</p>}
      </Section>
      <Section id="sure" title={t('leave.sure')}>
        {remove.error && <p role="alert" className={css.error}>{sentence(remove.error)}</p>}
        <div className={css.buttons}>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>{t('groups.leaveGo', { name: group.name })}</Button>
          <Button component={Link} href={consolePath('groups', group.id)} variant="default">{t('dialog.cancel')}</Button>
        </div>
      </Section>
    </>
  );
}
