import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { dayOf } from '../account/expiry';
import { asSentence, sentence } from '../app/errors';
import { explainPath, filesPath } from '../app/paths';
import { useSession } from '../app/queries';
import { toast } from '../feedback/toasts';
import { Mark } from '../console/parts/Mark';
import { formatMoment } from '../lib/format';
import { shareApi } from './api';
import ask from './Ask.module.css';
import { endOfDay, heldBy, type Hold, holdOf } from './draft';
import { Face } from './Faces';
import { refreshRequests, refreshShares, shared } from './queries';
import css from './Share.module.css';
import type { AnswerIn, Request } from './types';
import { answerWord, holdWord, rightsWord } from './words';

/** A request that waits for me: who asks for what, what granting it would open, and the answer. */
export function Answering({ request }: { request: Request }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const person = request.person.name || request.person.login;
  const [word, tone] = answerWord(request.answer, t);
  return (
    <>
      <Face kind="user" label={person} />
      <div className={css.who}>
        <span>{t('ask.wants', { person, rights: rightsWord(request.rights, t) })} {request.node.path ? <Link href={filesPath(request.node.path)}>{request.node.name}</Link> : request.node.name}</span>
        <small>{formatMoment(request.at, i18n.language)}{request.answer !== '' && <Mark tone={tone}>{word}</Mark>}</small>
        {request.message !== '' && <q>{request.message}</q>}
        {open && <Form request={request} onClose={() => setOpen(false)} />}
      </div>
      {!open && request.answer === '' && <Button variant="default" size="sm" aria-label={t('ask.answerNamed', { person, name: request.node.name ?? '' })} onClick={() => setOpen(true)}>{t('ask.answer')}</Button>}
    </>
  );
}

const choices: Hold[] = ['read', 'write'];

function Form({ request, onClose }: { request: Request; onClose: () => void }) {
  const { t } = useTranslation();
  const admin = useSession().data?.user.profile === 'admin';
  const [today] = useState(() => dayOf(new Date()));
  const [hold, setHold] = useState<Hold>(holdOf({ rights: request.rights, policies: [] }));
  const [until, setUntil] = useState('');
  const [message, setMessage] = useState('');
  const would = useQuery({ queryKey: shared.would(request.id), queryFn: ({ signal }) => shareApi.would(request.id, signal), retry: false });
  const answer = useMutation({
    mutationFn: (grant: boolean) => {
      const held = heldBy(hold);
      const said: AnswerIn = { grant, message: message.trim() || undefined, ...(grant && 'rights' in held ? { rights: held.rights, until: endOfDay(until) } : {}) };
      return shareApi.answer(request.id, said);
    },
    onSuccess: (_, grant) => {
      onClose(); // before what was answered is asked for again
      refreshRequests();
      refreshShares();
      toast(grant ? t('ask.grantedDone', { name: request.person.name || request.person.login }) : t('ask.refusedDone'));
    },
  });
  const grant = request.abilities.grant;
  const noGrant = grant && !grant.allowed ? asSentence(grant.reason ?? t('action.denied')) : undefined;
  return (
    <div className={ask.form}>
      <div role="status">
        {would.error ? <p className={css.error}>{sentence(would.error)}</p> : !would.data ? <p className={css.dim}>{t('share.counting')}</p> : (
          <p>
            {would.data.text ? asSentence(would.data.text) : t('ask.would', { now: rightsWord(would.data.now, t), after: rightsWord(would.data.after, t) })}
            {admin && <> <Link href={explainPath({ user: request.person.login, node: request.node.id, path: request.node.path ?? '' })}>{t('details.why')}</Link></>}
          </p>
        )}
        {would.data && would.data.story.length > 0 && <ul className={ask.story}>{would.data.story.map((line, i) => <li key={i}>{asSentence(line)}</li>)}</ul>}
      </div>
      <div className={css.pair}>
        <NativeSelect label={t('ask.give')} value={hold} data={(choices.includes(hold) ? choices : [...choices, hold]).map((value) => ({ value, label: holdWord(value, [], t) }))} onChange={(event) => setHold(event.currentTarget.value)} />
        <TextInput type="date" label={t('share.lastDay')} min={today} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      </div>
      <Textarea label={t('ask.reply')} value={message} maxLength={500} rows={2} onChange={(event) => setMessage(event.currentTarget.value)} />
      {noGrant !== undefined && <p className={css.dim}>{noGrant}</p>}
      {answer.error && <p role="alert" className={css.error}>{sentence(answer.error)}</p>}
      <div className={css.buttons}>
        <Button loading={answer.isPending && answer.variables} aria-disabled={noGrant !== undefined || undefined} data-disabled={noGrant !== undefined || undefined} title={noGrant} onClick={() => { if (noGrant === undefined) answer.mutate(true); }}>{t('ask.grant')}</Button>
        <Button variant="default" loading={answer.isPending && !answer.variables} onClick={() => answer.mutate(false)}>{t('ask.refuse')}</Button>
        <Button variant="subtle" color="gray" onClick={onClose}>{t('dialog.cancel')}</Button>
      </div>
    </div>
  );
}
