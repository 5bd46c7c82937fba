import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { asSentence } from '../../app/errors';
import type { Finding } from '../types';
import css from './Editor.module.css';

const icons = { error: IconCircleX, warning: IconAlertTriangle, note: IconInfoCircle } as const;

/** One thing a reader of the policy should know: what, and how to mend it. */
export function FindingLine({ finding, onRule }: { finding: Finding; onRule?: () => void }) {
  const { t } = useTranslation();
  const Icon = icons[finding.severity];
  return (
    <li className={css.finding} data-severity={finding.severity}>
      <Icon size={16} aria-hidden />
      <div>
        <p>
          {onRule && finding.rule >= 0 && <><button type="button" onClick={onRule}>{t('rule.number', { number: finding.rule + 1 })}</button>: </>}
          {asSentence(finding.message)}
        </p>
        {finding.fix && <p>{asSentence(finding.fix)}</p>}
        <small>{finding.code}</small>
      </div>
    </li>
  );
}
