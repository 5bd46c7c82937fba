import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { regionOf } from '../../../i18n/language';
import { type Hours, readHours, weekdays, writeHours } from '../../model/hours';
import css from './Fields.module.css';

type Props = { label: string; description?: string; text: string; onChange: (text: string) => void; error?: string };

// The first of January 2024 was a Monday.
const dayNames = (language: string, weekday: 'short' | 'long') =>
  weekdays.map((_, day) => new Intl.DateTimeFormat(regionOf(language), { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + day)));

/** Office hours: days and times to pick, and the text they make beside them. */
export function HoursField({ label, description, text, onChange, error }: Props) {
  const { t } = useTranslation();
  const periods = readHours(text);
  const write = (next: Hours[]) => onChange(writeHours(next));
  return (
    <div className={css.stack} role="group" aria-label={label}>
      {periods ? (
        <>
          {periods.length > 0 && (
            <ul className={css.hours}>
              {periods.map((period, i) => (
                <Period
                  key={i} period={period} onChange={(next) => write(periods.map((one, j) => (i === j ? next : one)))}
                  onRemove={() => write(periods.filter((_, j) => j !== i))}
                />
              ))}
            </ul>
          )}
          <div>
            <Button
              variant="default" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => write([...periods, { days: [0, 1, 2, 3, 4], from: '09:00', to: '18:00' }])}
            >
              {t('hours.add')}
            </Button>
          </div>
        </>
      ) : <p className={css.dim}>{t('hours.unreadable')}</p>}
      <TextInput
        label={t('hours.text')} description={description} inputWrapperOrder={['label', 'input', 'description', 'error']} className={css.mono} value={text} error={error} spellCheck={false}
        placeholder="Monday-Friday/09:00/18:30" onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

function Period({ period, onChange, onRemove }: { period: Hours; onChange: (next: Hours) => void; onRemove: () => void }) {
  const { t, i18n } = useTranslation();
  const group = useId();
  const short = dayNames(i18n.language, 'short');
  const long = dayNames(i18n.language, 'long');
  const toggle = (day: number) => onChange({ ...period, days: period.days.includes(day) ? period.days.filter((one) => one !== day) : [...period.days, day].sort((a, b) => a - b) });
  return (
    <li>
      <fieldset className={css.days}>
        <legend className="visually-hidden" id={group}>{t('hours.days')}</legend>
        {weekdays.map((name, day) => (
          <label key={name} title={long[day]}>
            <input type="checkbox" checked={period.days.includes(day)} aria-label={long[day]} onChange={() => toggle(day)} />
            <span aria-hidden>{short[day]}</span>
          </label>
        ))}
      </fieldset>
      <div className={css.between}>
        <TextInput type="time" className={css.time} aria-label={t('hours.from')} value={period.from} onChange={(event) => onChange({ ...period, from: event.currentTarget.value })} />
        <span aria-hidden>–</span>
        <TextInput type="time" className={css.time} aria-label={t('hours.to')} value={period.to} onChange={(event) => onChange({ ...period, to: event.currentTarget.value })} />
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t('hours.remove')} onClick={onRemove}><IconX size={16} /></ActionIcon>
      </div>
    </li>
  );
}
