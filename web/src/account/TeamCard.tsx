import { ActionIcon, Badge, Button, Menu, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconDots, IconStar, IconStarOff, IconUserMinus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import { useSession } from '../app/queries';
import { Confirm } from '../console/parts/Confirm';
import { toast } from '../feedback/toasts';
import css from './Account.module.css';
import { accountApi } from './api';
import { PeoplePicker } from './PeoplePicker';
import { mine } from './queries';
import type { Member, Team } from './types';

/** Who is in a team, and for its managers the way to change that. */
export function TeamCard({ team }: { team: Team }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useSession().data?.user.id;
  const [asking, setAsking] = useState<'leave' | 'delete'>();
  const refresh = () => queries.invalidateQueries({ queryKey: mine.teams });
  const change = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSettled: refresh });
  const inIt = team.members.some((one) => one.id === me);
  return (
    <div className={css.card}>
      {team.manager && <Rename team={team} onDone={refresh} />}
      <ul className={css.rows} aria-label={t('teams.of', { label: team.label })}>
        {team.members.map((one) => (
          <li key={one.id} className={css.member}>
            <div className={css.what}>
              <strong>{one.name || one.login}{one.manager && <Badge variant="light" size="sm" className={css.badge}>{t('teams.manager')}</Badge>}</strong>
              {one.name !== one.login && <span>{one.login}</span>}
            </div>
            {team.manager && one.id !== me && (
              <MemberMenu
                member={one}
                onManager={() => change.mutate(() => accountApi.putMember(team.id, one.id, !one.manager))}
                onRemove={() => change.mutate(() => accountApi.removeMember(team.id, one.id))}
              />
            )}
          </li>
        ))}
      </ul>
      {change.error && <p role="alert" className={css.error}>{sentence(change.error)}</p>}
      {team.manager && (
        <PeoplePicker
          label={t('teams.add')} name="people" search={accountApi.findPeople} without={team.members.map((one) => one.id)}
          onPick={(person) => { if (person) change.mutate(() => accountApi.putMember(team.id, person.id, false)); }}
        />
      )}
      <div className={css.lined}>
        {inIt && <Button variant="default" size="sm" onClick={() => setAsking('leave')}>{t('teams.leave')}</Button>}
        {team.manager && <Button variant="default" size="sm" onClick={() => setAsking('delete')}>{t('teams.delete')}</Button>}
      </div>
      {asking && (
        <Confirm
          title={asking === 'leave' ? t('teams.leave') : t('teams.delete')} go={asking === 'leave' ? t('teams.leave') : t('teams.delete')}
          text={asking === 'leave' ? t('teams.leaveAsk', { label: team.label }) : t('teams.deleteAsk', { label: team.label })} onClose={() => setAsking(undefined)}
          run={async () => {
            await (asking === 'leave' && me !== undefined ? accountApi.removeMember(team.id, me) : accountApi.deleteTeam(team.id));
            await refresh();
            toast(asking === 'leave' ? t('teams.left', { label: team.label }) : t('teams.deleted', { label: team.label }));
          }}
        />
      )}
    </div>
  );
}

function Rename({ team, onDone }: { team: Team; onDone: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const [label, setLabel] = useState(team.label);
  const rename = useMutation({ mutationFn: () => accountApi.nameTeam(team.id, label.trim()), onSuccess: onDone });
  const changed = label.trim() !== '' && label.trim() !== team.label;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed && !rename.isPending) rename.mutate();
  };
  return (
    <form className={css.make} onSubmit={submit} noValidate>
      <TextInput label={t('teams.name')} value={label} maxLength={200} autoComplete="off" className={css.wide} error={rename.error ? sentence(rename.error) : undefined} onChange={(event) => setLabel(event.currentTarget.value)} />
      <Button type="submit" variant="default" disabled={!changed} loading={rename.isPending}>{t('action.rename')}</Button>
    </form>
  );
}

function MemberMenu({ member, onManager, onRemove }: { member: Member; onManager: () => void; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('list.more', { name: member.name || member.login })}><IconDots size={18} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={member.manager ? <IconStarOff size={18} stroke={1.5} aria-hidden /> : <IconStar size={18} stroke={1.5} aria-hidden />} onClick={onManager}>
          {member.manager ? t('teams.demote') : t('teams.promote')}
        </Menu.Item>
        <Menu.Item leftSection={<IconUserMinus size={18} stroke={1.5} aria-hidden />} onClick={onRemove}>{t('teams.remove')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
