import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SharesLook } from '../app/paths';
import table from '../console/parts/Table.module.css';
import { formatCount } from '../lib/format';
import css from './Share.module.css';
import type { SharePage } from './types';
import { flags, flagWord } from './words';

const patience = 200;

type Props = { look: SharesLook; counts?: SharePage['counts']; onLook: (change: Partial<SharesLook>) => void; children?: ReactNode };

/** Narrows a list of shares by words, by kind and by what there is to notice. */
export function ShareFilters({ look, counts, onLook, children }: Props) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState(look.find);
  const [known, setKnown] = useState(look.find);
  // Back and forward bring back what was looked for.
  if (known !== look.find) {
    setKnown(look.find);
    if (look.find !== typed.trim()) setTyped(look.find);
  }
  const tell = useDebouncedCallback((find: string) => onLook({ find: find.trim() }), patience);
  const shown = flags.filter((flag) => (counts?.[flag] ?? 0) > 0 || look.flag === flag);
  return (
    <>
      <div className={table.tools}>
        <TextInput
          type="search" className={table.find} value={typed} aria-label={t('share.find')} placeholder={t('share.find')} spellCheck={false} leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          onChange={(event) => { setTyped(event.currentTarget.value); tell(event.currentTarget.value); }}
        />
        <NativeSelect
          aria-label={t('share.kind')} value={look.kind} data={[{ value: '', label: t('share.anyKind') }, { value: 'cell', label: t('share.cells') }, { value: 'link', label: t('share.links') }]}
          onChange={(event) => onLook({ kind: event.currentTarget.value })}
        />
        {children}
      </div>
      {shown.length > 0 && (
        <div className={css.chips} role="group" aria-label={t('share.notable')}>
          {shown.map((flag) => (
            <button key={flag} type="button" className={css.chip} aria-pressed={look.flag === flag} onClick={() => onLook({ flag: look.flag === flag ? '' : flag })}>
              {flagWord(flag, t)} <span>{formatCount(counts?.[flag] ?? 0, i18n.language)}</span>
            </button>
          ))}
        </div>
      )}
    </>
  );
}
