import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import type { FoundPerson } from './types';

type Props = {
  label: string;
  description?: string;
  placeholder?: string;
  /** Who asks the server, and under which name the answers are kept. */
  search: (q: string, signal: AbortSignal) => Promise<FoundPerson[]>;
  name: string;
  /** Shortest text that is worth asking about. */
  shortest?: number;
  /** Who is not offered. */
  without?: readonly string[];
  /** Who is chosen; the field empties after each choice where this is left out. */
  value?: FoundPerson;
  onPick: (person: FoundPerson | undefined) => void;
  error?: string;
};

const patience = 150;
const personLabel = (one: FoundPerson) => (one.name && one.name !== one.login ? `${one.name} (${one.login})` : one.login);

/** Finds a person by name or sign-in name among however many there are. */
export function PeoplePicker({ label, description, placeholder, search, name, shortest = 2, without = [], value, onPick, error }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value ? personLabel(value) : '');
  const [q] = useDebouncedValue(typed.trim(), patience);
  const worth = [...q].length >= shortest && q !== (value && personLabel(value));
  const asked = useQuery({ queryKey: [name, q], queryFn: ({ signal }) => search(q, signal), enabled: worth, staleTime: 30_000, placeholderData: (before) => before });
  const found = (worth ? (asked.data ?? []) : []).filter((one) => !without.includes(one.id));
  const options = value && !found.some((one) => one.id === value.id) ? [value, ...found] : found;
  const nothing = asked.error ? sentence(asked.error) : !worth ? t('people.find.type') : asked.isFetching ? t('list.loading') : t('people.find.nobody');
  return (
    <Select
      label={label} description={description} placeholder={placeholder ?? t('people.find.hint')} searchable clearable={value !== undefined} value={value?.id ?? null} error={error}
      searchValue={typed} onSearchChange={setTyped} data={options.map((one) => ({ value: one.id, label: personLabel(one) }))} filter={({ options: all }) => all} nothingFoundMessage={nothing}
      clearButtonProps={{ 'aria-label': t('people.find.clear') }} withScrollArea={false} styles={{ options: { maxHeight: 280, overflowY: 'auto' } }}
      onChange={(id) => { onPick(options.find((one) => one.id === id)); if (value === undefined) setTyped(''); }}
    />
  );
}
