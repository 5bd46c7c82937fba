import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { momentText, readMoment, readPeriod, writePeriod } from '../../model/moment';
import css from './Fields.module.css';

type Props = { label: string; description?: string; text: string; onChange: (text: string) => void; error?: string };

const local = (text: string) => readMoment(text)?.local ?? '';

function DateField({ label, text, onChange }: { label: string; text: string; onChange: (text: string) => void }) {
  const offset = readMoment(text)?.offset;
  return (
    <TextInput
      type="datetime-local" label={label} value={local(text)} rightSectionWidth={62} step={local(text).length > 16 ? 1 : 60}
      rightSection={offset && <small className={css.dim}>{offset}</small>} rightSectionPointerEvents="none"
      onChange={(event) => onChange(momentText(event.currentTarget.value, text))}
    />
  );
}

/** One time: a date to pick, and the text it makes beside it. */
export function MomentField({ label, description, text, onChange, error }: Props) {
  const { t } = useTranslation();
  return (
    <div className={css.pair} role="group" aria-label={label}>
      <DateField label={label} text={text} onChange={onChange} />
      <TextInput label={t('time.text')} description={description} inputWrapperOrder={['label', 'input', 'description', 'error']} className={css.mono} value={text} error={error} spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}

/** A period: two dates to pick, and the text they make beneath them. */
export function PeriodField({ label, description, text, onChange, error }: Props) {
  const { t } = useTranslation();
  const period = readPeriod(text);
  return (
    <div className={css.stack} role="group" aria-label={label}>
      {period ? (
        <div className={css.pair}>
          <DateField label={t('time.begin')} text={period[0]} onChange={(begin) => onChange(writePeriod(begin, period[1]))} />
          <DateField label={t('time.end')} text={period[1]} onChange={(end) => onChange(writePeriod(period[0], end))} />
        </div>
      ) : <p className={css.dim}>{t('time.unreadable')}</p>}
      <TextInput label={t('time.text')} description={description} className={css.mono} value={text} error={error} spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}
