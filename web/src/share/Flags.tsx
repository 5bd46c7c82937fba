import { useTranslation } from 'react-i18next';
import { Mark } from '../console/parts/Mark';
import css from './Share.module.css';
import type { Flag, Void } from './types';
import { flagTone, flagWord, stopText } from './words';

/** What there is to notice about a share, in words and colours. */
export function Flags({ flags, void: stopped }: { flags: readonly Flag[]; void?: Void }) {
  const { t } = useTranslation();
  if (flags.length === 0) return null;
  return (
    <span className={css.flags}>
      {flags.map((flag) => <span key={flag} title={stopped && (flag === 'stopped' || flag === 'partly') ? stopText(stopped, t) : undefined}><Mark tone={flagTone(flag)}>{flagWord(flag, t)}</Mark></span>)}
    </span>
  );
}
