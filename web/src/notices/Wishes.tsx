import { Radio } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import account from '../account/Account.module.css';
import { Asked } from '../account/Asked';
import { useRules } from '../account/queries';
import { Section } from '../account/Section';
import { CopyButton, useCopy } from '../account/ShownOnce';
import { sentence } from '../app/errors';
import { queryClient } from '../app/queries';
import { toast } from '../feedback/toasts';
import { noticesApi } from './api';
import { told } from './queries';
import type { MailWish } from './types';

/** When notices come by mail, and where a feed reader finds them. */
export default function Wishes() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: told.wishes, queryFn: noticesApi.wishes });
  const mail = useRules().data?.mail ?? true;
  const save = useMutation({
    mutationFn: (wish: MailWish) => noticesApi.setWishes({ mail: wish }),
    onSuccess: (_, wish) => {
      queryClient.setQueryData(told.wishes, { mail: wish });
      toast(t('wishes.saved'));
    },
  });
  const { copied, field, copy } = useCopy(new URL(noticesApi.feedUrl, location.origin).href);
  return (
    <Section id="notices" title={t('notice.bell')} text={t('wishes.text')}>
      <Asked query={asked}>
        {(wishes) => (
          <Radio.Group label={t('wishes.mail')} description={mail ? undefined : t('wishes.noMail')} value={save.isPending ? save.variables : wishes.mail} onChange={(value) => save.mutate(value)}>
            <div className={account.ticks}>
              <Radio value="daily" label={t('wishes.daily')} />
              <Radio value="at-once" label={t('wishes.atOnce')} />
              <Radio value="never" label={t('wishes.never')} />
            </div>
          </Radio.Group>
        )}
      </Asked>
      {save.error && <p role="alert" className={account.error}>{sentence(save.error)}</p>}
      <p>{t('wishes.feed')}</p>
      <div className={account.copy}>
        <input ref={field} readOnly value={new URL(noticesApi.feedUrl, location.origin).href} aria-label={t('wishes.feedAddress')} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton copied={copied} copy={copy} quiet />
      </div>
      {copied === false && <p role="alert">{t('share.copyByHand')}</p>}
    </Section>
  );
}
