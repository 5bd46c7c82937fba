import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import { type Found, isMail } from './draft';
import { findRefs } from './find';

type Props = {
  label: string;
  description?: string;
  /** Why people from outside cannot be added; undefined where they can. */
  noExternal?: string;
  /** Who is not offered, as kind and id. */
  without: readonly Found[];
  onPick: (found: Found) => void;
  error?: string;
};

const patience = 150;
const keyOf = ({ kind, id }: Found) => `${kind}:${id}`;

/** Finds a person, group or team by name, or takes a mail address as it is. */
export function RefPicker({ label, description, noExternal, without, onPick, error }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), patience);
  const worth = [...q].length >= 2;
  const asked = useQuery({ queryKey: ['share', 'find', q], queryFn: ({ signal }) => findRefs(q, signal), enabled: worth, staleTime: 30_000, placeholderData: (before) => before });
  const mail = isMail(typed.trim());
  const taken = useMemo(() => new Set(without.map(keyOf)), [without]);
  const found = (worth ? (asked.data ?? []) : []).filter((one) => !taken.has(keyOf(one)));
  const options: Found[] = mail && noExternal === undefined && !taken.has(`email:${typed.trim()}`) ? [...found, { kind: 'email', id: typed.trim(), label: typed.trim() }] : found;
  const word = (one: Found) => (one.kind === 'email' ? t('share.invite', { email: one.id }) : one.hint && one.hint !== one.label ? `${one.label} (${one.hint})` : one.label);
  const groups: [Found['kind'], string][] = [['user', t('share.people')], ['team', t('teams.title')], ['group', t('share.groups')], ['email', t('external.title')]];
  const data = groups.map(([kind, group]) => ({ group, items: options.filter((one) => one.kind === kind).map((one) => ({ value: keyOf(one), label: word(one) })) })).filter(({ items }) => items.length > 0);
  const nothing = asked.error ? sentence(asked.error) : mail && noExternal !== undefined ? noExternal : !worth ? t('people.find.type') : asked.isFetching ? t('list.loading') : noExternal === undefined ? t('share.nobodyFound') : t('people.find.nobody');
  const take = (one: Found | undefined) => {
    if (!one) return;
    onPick(one);
    setTyped('');
  };
  return (
    <Select
      label={label} description={description} placeholder={noExternal === undefined ? t('share.pickHint') : t('people.find.hint')} searchable value={null} error={error} data={data} filter={({ options: all }) => all}
      searchValue={typed} onSearchChange={setTyped} nothingFoundMessage={nothing} withScrollArea={false} styles={{ options: { maxHeight: 280, overflowY: 'auto' } }} comboboxProps={{ withinPortal: true }}
      onChange={(key) => take(options.find((option) => keyOf(option) === key))}
      onKeyDown={(event) => {
        // Enter takes somebody in; it never shares with nobody. An option that the arrows chose is taken by the list itself.
        if (event.key !== 'Enter') return;
        event.preventDefault();
        if (!event.currentTarget.hasAttribute('aria-activedescendant') && q === typed.trim()) take(options[0]);
      }}
      // A whole mail address was meant; part of a name may not have been.
      onBlur={() => { if (mail && q === typed.trim()) take(options[0]); }}
    />
  );
}
