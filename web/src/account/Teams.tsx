import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import { toast } from '../feedback/toasts';
import css from './Account.module.css';
import { accountApi } from './api';
import { Asked } from './Asked';
import { mine } from './queries';
import { Section } from './Section';
import { TeamCard } from './TeamCard';

/** The teams that this person made or is in. */
export function Teams() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: mine.teams, queryFn: accountApi.teams });
  const [making, setMaking] = useState(false);
  const [opened, setOpened] = useState('');
  return (
    <Section
      id="teams" title={t('teams.title')} text={t('teams.text')}
      action={!making && <Button variant="default" size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('teams.new')}</Button>}
    >
      {making && <NewTeam onDone={(id) => { setMaking(false); setOpened(id ?? ''); }} />}
      <Asked query={asked}>
        {(teams) => (teams.length === 0
          ? !making && <p className={css.none}>{t('teams.none')}</p>
          : (
            <ul className={css.rows}>
              {teams.map((team) => (
                <li key={team.id} className={css.team}>
                  <div className={css.row}>
                    <IconUsersGroup size={24} stroke={1.5} aria-hidden className={css.icon} />
                    <div className={css.what}>
                      <strong>{team.label}</strong>
                      <span>{t('teams.members', { count: team.members.length })}{team.manager && ` · ${t('teams.youManage')}`}</span>
                    </div>
                    <Button
                      variant="default" size="sm" aria-expanded={opened === team.id} aria-label={t('teams.openNamed', { label: team.label })}
                      onClick={() => setOpened(opened === team.id ? '' : team.id)}
                    >
                      {opened === team.id ? t('teams.close') : t('teams.open')}
                    </Button>
                  </div>
                  {opened === team.id && <TeamCard team={team} />}
                </li>
              ))}
            </ul>
          ))}
      </Asked>
    </Section>
  );
}

function NewTeam({ onDone }: { onDone: (id?: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [wrong, setWrong] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const make = useMutation({
    mutationFn: () => accountApi.makeTeam(label.trim()),
    onSuccess: async (team) => {
      await queries.invalidateQueries({ queryKey: mine.teams });
      toast(t('teams.made', { label: team.label }));
      onDone(team.id);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (make.isPending) return;
    if (label.trim() === '') {
      setWrong(t('teams.noName'));
      field.current?.focus();
      return;
    }
    make.mutate();
  };
  return (
    <form className={css.make} onSubmit={submit} noValidate>
      <TextInput ref={field} label={t('teams.name')} placeholder={t('teams.nameHint')} value={label} error={wrong} maxLength={200} autoComplete="off" autoFocus className={css.wide} onChange={(event) => { setLabel(event.currentTarget.value); setWrong(''); }} />
      <div className={css.lined}>
        <Button type="submit" loading={make.isPending}>{t('teams.make')}</Button>
        <Button variant="default" onClick={() => onDone()}>{t('dialog.cancel')}</Button>
      </div>
      {make.error && <p role="alert" className={css.error}>{sentence(make.error)}</p>}
    </form>
  );
}
