import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { explainPath, type Question, readQuestion } from '../../app/paths';
import css from '../Console.module.css';
import { Page } from '../parts/Page';
import { Answer } from './Answer';
import { isComplete } from './ask';
import { QuestionForm } from './QuestionForm';

/** Asks why somebody may or may not do something, now or in circumstances one imagines. */
export default function ExplainPage() {
  const { t } = useTranslation();
  const search = useSearch();
  const asked = useMemo(() => readQuestion(search), [search]);
  const ask = (question: Question) => navigate(explainPath(question));
  return (
    <Page title={t('console.explain')}>
      <p className={css.about}>{t('explain.text')}</p>
      <Form key={search} first={asked} onAsk={ask} />
      {isComplete(asked) && <Answer question={asked} onTry={(name, value) => ask({ ...asked, context: { ...asked.context, [name]: value } })} />}
    </Page>
  );
}

// What is typed is kept apart from what was asked; another address begins anew.
function Form({ first, onAsk }: { first: Question; onAsk: (question: Question) => void }) {
  const [question, setQuestion] = useState(first);
  return <QuestionForm question={question} onChange={setQuestion} onAsk={onAsk} />;
}
