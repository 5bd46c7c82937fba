import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { blankQuestion, type Question } from '../../app/paths';
import { useSession } from '../../app/queries';
import { Answer } from '../explain/Answer';
import { QuestionForm } from '../explain/QuestionForm';
import css from '../Console.module.css';
import type { Policy } from '../types';

const kindOf = { acl: 'node', rest: 'call', oidc: 'signin' } as const;

/** Asks the server as if the draft were saved already. */
export function TryIt({ draft }: { draft: Policy | undefined }) {
  const { t } = useTranslation();
  const login = useSession().data?.user.login ?? '';
  const [question, setQuestion] = useState<Question>({ ...blankQuestion, kind: kindOf[draft?.type ?? 'acl'] ?? 'node', user: login });
  const [asked, setAsked] = useState<Question>();
  return (
    <>
      <p className={css.about}>{t('explain.tryText')}</p>
      <QuestionForm imagine question={question} onChange={setQuestion} onAsk={setAsked} />
      {asked && <Answer question={asked} draft={draft} onTry={(name, value) => { const next = { ...question, context: { ...question.context, [name]: value } }; setQuestion(next); setAsked(next); }} />}
    </>
  );
}
