import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { sentence } from '../app/errors';
import { formatMoment } from '../lib/format';
import css from './Account.module.css';
import { accountApi } from './api';
import { Asked } from './Asked';
import { NewToken } from './NewToken';
import { mine } from './queries';
import { scopeWords } from './scope';
import { Section } from './Section';
import type { Token } from './types';

/** Keys for scripts and the command line, each with a name and an end. */
export function Tokens() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: mine.tokens, queryFn: accountApi.tokens });
  const [leaving, setLeaving] = useState<Token>();
  const [making, setMaking] = useState(false);
  return (
    <Section
      id="tokens" title={t('account.tokens')} text={t('account.tokensText')}
      action={!making && <Button variant="default" size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('tokens.new')}</Button>}
    >
      {making ? <NewToken onClose={() => setMaking(false)} /> : null}
      <Asked query={asked}>
        {(tokens) => (tokens.length === 0
          ? <p className={css.none}>{t('account.noTokens')}</p>
          : <ul className={css.rows}>{tokens.map((token) => (
            <TokenRow key={token.id} token={token}>
              <Button variant="default" size="sm" aria-label={t('account.revokeNamed', { label: token.label })} onClick={() => setLeaving(token)}>{t('account.revoke')}</Button>
            </TokenRow>
          ))}</ul>)}
      </Asked>
      <Modal opened={leaving !== undefined} onClose={() => setLeaving(undefined)} title={t('account.revokeTitle')} closeButtonProps={{ 'aria-label': t('dialog.cancel') }}>
        {leaving && <Revoke token={leaving} onDone={() => setLeaving(undefined)} />}
      </Modal>
    </Section>
  );
}

/** A token in words, with what can be done about it. */
export function TokenRow({ token, children }: { token: Token; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  // Once, when the row appears: a row does not change under the reader's eyes.
  const [now] = useState(() => new Date());
  const over = token.expires !== undefined && new Date(token.expires) <= now;
  const end = token.expires === undefined ? t('account.endless')
    : over ? t('account.over', { when: formatMoment(token.expires, i18n.language) })
    : t('account.ends', { when: formatMoment(token.expires, i18n.language) });
  return (
    <li className={css.row}>
      <IconKey size={24} stroke={1.5} aria-hidden className={css.icon} />
      <div className={css.what}>
        <strong>{token.label}</strong>
        <span>{scopeWords(token.scope, t)}</span>
        <span data-over={over || undefined}>{end}</span>
        <span>
          {t('account.made', { when: formatMoment(token.created, i18n.language) })}
          {' · '}
          {token.lastUsed ? t('account.used', { when: formatMoment(token.lastUsed, i18n.language) }) : t('account.unused')}
        </span>
      </div>
      {children}
    </li>
  );
}

function Revoke({ token, onDone }: { token: Token; onDone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.deleteToken(token.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: mine.tokens });
      onDone();
    },
  });
  return (
    <>
      <p className={css.ask}>{t('account.revokeAsk', { label: token.label })}</p>
      {revoke.error && <p role="alert" className={css.error}>{sentence(revoke.error)}</p>}
      <div className={css.buttons}>
        <Button variant="default" onClick={onDone} data-autofocus>{t('dialog.cancel')}</Button>
        <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>{t('account.revoke')}</Button>
      </div>
    </>
  );
}
