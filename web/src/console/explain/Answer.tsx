import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../app/errors';
import type { Question } from '../../app/paths';
import { consoleApi } from '../api';
import type { ExplainIn, Policy } from '../types';
import { explainIn } from './ask';
import css from './Explain.module.css';
import { Story } from './Story';

type Props = { question: Question; draft?: Policy; onTry: (attribute: string, value: string) => void };

const patience = 400;

/** The answer to a question, told as a story; with a draft, again as the draft changes. */
export function Answer({ question, draft, onTry }: Props) {
  const { t } = useTranslation();
  const [text] = useDebouncedValue(JSON.stringify(explainIn(question, draft)), draft ? patience : 0);
  const asked = useQuery({
    queryKey: ['console', 'explain', text],
    queryFn: ({ signal }) => consoleApi.explain(JSON.parse(text) as ExplainIn, signal),
    placeholderData: keepPreviousData,
    gcTime: 0, retry: false,
  });
  if (asked.error) return <p role="alert" className={css.error}>{sentence(asked.error)}</p>;
  if (!asked.data) return <p role="status" className={css.dim}>{t('list.loading')}</p>;
  return <div aria-busy={asked.isPlaceholderData}><Story explanation={asked.data} onTry={onTry} /></div>;
}
