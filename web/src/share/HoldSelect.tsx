import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Hold, policyHold } from './draft';
import type { Sharing } from './types';
import { holdWord } from './words';

type Props = { label: string; value: Hold; sharing?: Pick<Sharing, 'give' | 'policies'>; disabled?: boolean; className?: string; onChange: (hold: Hold) => void };

/** What somebody gets: rights, or a policy of those one may give. */
export function HoldSelect({ label, value, sharing, disabled, className, onChange }: Props) {
  const { t } = useTranslation();
  const policies = sharing?.policies ?? [];
  const may = (hold: Hold) => sharing === undefined || hold === value || (hold === 'read' ? sharing.give.includes('read') : sharing.give.includes('read') && sharing.give.includes('write'));
  const choices: Hold[] = ['read', 'write', ...policies.map(({ id }) => policyHold(id))];
  if (!choices.includes(value)) choices.push(value);
  return (
    <NativeSelect
      aria-label={label} value={value} disabled={disabled} className={className}
      data={choices.map((hold) => ({ value: hold, label: holdWord(hold, policies, t), disabled: (hold === 'read' || hold === 'write') && !may(hold) }))} onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
