import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Asked } from '../account/Asked';
import { Section } from '../account/Section';
import { sentence } from '../app/errors';
import { filesPath } from '../app/paths';
import { Mark } from '../console/parts/Mark';
import { Page } from '../console/parts/Page';
import { toast } from '../feedback/toasts';
import { Empty } from '../files/Empty';
import { formatMoment } from '../lib/format';
import { Answering } from './Answering';
import { shareApi } from './api';
import ask from './Ask.module.css';
import { refreshRequests, shared } from './queries';
import css from './Share.module.css';
import type { Request } from './types';
import { answerWord, rightsWord } from './words';

/** What others ask of me, and what I asked of others. */
export default function RequestsPage() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: shared.requests, queryFn: ({ signal }) => shareApi.requests(signal) });
  return (
    <Page title={t('rail.requests')}>
      <Asked query={asked}>
        {({ forMe, mine }) => (forMe.length + mine.length === 0 ? <Empty icon={IconHandStop} title={t('ask.none')} text={t('ask.noneText')} /> : (
          <>
            <Section id="for-me" title={t('ask.forMe')}>
              {forMe.length === 0 ? <p className={css.dim}>{t('ask.noneForMe')}</p> : <ul className={css.rows}>{forMe.map((one) => <li key={one.id} className={ask.request}><Answering request={one} /></li>)}</ul>}
            </Section>
            <Section id="mine" title={t('ask.mine')}>
              {mine.length === 0 ? <p className={css.dim}>{t('ask.noneMine')}</p> : <ul className={css.rows}>{mine.map((one) => <li key={one.id} className={ask.request}><Own request={one} /></li>)}</ul>}
            </Section>
          </>
        ))}
      </Asked>
    </Page>
  );
}

function Own({ request }: { request: Request }) {
  const { t, i18n } = useTranslation();
  const withdraw = useMutation({
    mutationFn: () => shareApi.withdraw(request.id),
    onSuccess: () => {
      refreshRequests();
      toast(t('ask.withdrawnDone'));
    },
  });
  const [word, tone] = answerWord(request.answer, t);
  const name = request.node.name || t('ask.somewhere');
  return (
    <>
      <div className={css.who}>
        <span>{request.node.path && request.answer === 'granted' ? <Link href={filesPath(request.node.path)}>{name}</Link> : name} · {rightsWord(request.rights, t)} <Mark tone={tone}>{word}</Mark></span>
        <small>
          {formatMoment(request.at, i18n.language)}
          {request.answeredBy && request.answeredAt && ` · ${t('ask.answeredBy', { name: request.answeredBy.name || request.answeredBy.login, when: formatMoment(request.answeredAt, i18n.language) })}`}
        </small>
        {request.message !== '' && <q>{request.message}</q>}
        {withdraw.error && <p role="alert" className={css.error}>{sentence(withdraw.error)}</p>}
      </div>
      {request.answer === '' && <Button variant="default" size="sm" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>{t('ask.withdraw')}</Button>}
    </>
  );
}
