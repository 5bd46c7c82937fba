import { Checkbox } from '@mantine/core';
import { IconClock, IconUsers, IconWorld } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { asSentence } from '../app/errors';
import { sharePath } from '../app/paths';
import table from '../console/parts/Table.module.css';
import { formatMoment, formatWhen } from '../lib/format';
import { Faces } from './Faces';
import { Flags } from './Flags';
import css from './Share.module.css';
import type { Share } from './types';
import { modeWord, stopText, usedWords } from './words';

type Props = {
  label: string;
  rows: readonly Share[];
  /** Whose they are is worth a column. */
  owners?: boolean;
  /** Those chosen, where any can be. */
  chosen?: ReadonlySet<string>;
  onChoose?: (chosen: ReadonlySet<string>) => void;
};

/** What a share is called: its name, or what it is on. */
export const shareName = (share: Pick<Share, 'label' | 'nodes'>): string => share.label || share.nodes.map((one) => one.name).join(', ');

/** Of a discreet Cell its members are not told what the others do. */
const silent = (share: Share) => share.use.last === undefined && share.kind === 'cell' && (share.mine === 'member' || share.mine === '');

/** Shares as a table; the first column leads to the page of each. */
export function ShareTable({ label, rows, owners, chosen, onChoose }: Props) {
  const { t, i18n } = useTranslation();
  const all = chosen !== undefined && rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  const some = chosen !== undefined && chosen.size > 0 && !all;
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose?.(next);
  };
  return (
    <table className={`${table.table} ${css.shares}`} aria-label={label}>
      <thead className={css.head}>
        <tr>
          {chosen && <th scope="col" className={css.tick}><Checkbox size="xs" aria-label={t('list.selectAll')} checked={all} indeterminate={some} onChange={() => onChoose?.(all ? new Set() : new Set(rows.map(({ id }) => id)))} /></th>}
          {[t('share.name'), ...(owners ? [t('share.owner')] : []), t('share.with'), t('share.until'), t('share.usage'), t('share.notable')].map((word) => <th key={word} scope="col"><span>{word}</span></th>)}
        </tr>
      </thead>
      <tbody>
        {rows.map((share) => {
          const name = shareName(share);
          const Icon = share.kind === 'link' ? IconWorld : IconUsers;
          const kind = share.kind === 'link' ? t('share.link') : t('share.cell');
          return (
            <tr key={share.id} data-chosen={chosen?.has(share.id) || undefined}>
              {chosen && <td className={css.tick}><span className={table.over}><Checkbox size="xs" aria-label={t('share.chooseNamed', { name })} checked={chosen.has(share.id)} onChange={() => toggle(share.id)} /></span></td>}
              <td className={css.nameCell}>
                <Icon size={18} stroke={1.5} role="img" aria-label={kind} />
                <Link href={sharePath(share)} className={table.name}>
                  {name}
                  <span className={table.under}>{share.mode ? modeWord(share.mode, t) : kind}{share.label !== '' && ` · ${share.nodes.map((one) => one.name).join(', ')}`}</span>
                </Link>
              </td>
              {owners && <td data-label={t('share.owner')}>{share.owner.name || share.owner.login}</td>}
              <td data-label={t('share.with')} data-blank={share.members === 0 || undefined}><Faces people={share.people} count={share.members} /></td>
              <td data-label={t('share.until')} data-blank={share.until === undefined || undefined}>
                {share.until && <span className={css.clock} title={formatMoment(share.until, i18n.language)}><IconClock size={16} stroke={1.5} aria-hidden />{formatWhen(share.until, i18n.language, new Date())}</span>}
              </td>
              <td data-label={t('share.usage')} data-blank={silent(share) || undefined} title={share.use.last && t('share.lastUse', { when: formatMoment(share.use.last, i18n.language) })}>
                {!silent(share) && usedWords(share.use, t, i18n.language)}
              </td>
              <td data-label={t('share.notable')} data-blank={share.flags.length === 0 || undefined}><Flags flags={share.flags} void={share.void} />{share.void && <small className={css.why}>{asSentence(stopText(share.void, t))}</small>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
