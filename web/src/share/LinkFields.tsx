import { ActionIcon, NativeSelect, NumberInput, PasswordInput, Switch, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayOf } from '../account/expiry';
import { asSentence } from '../app/errors';
import { isSlug, type LinkDraft, showsPreviews, takesDownloads, takesUploads } from './draft';
import { Face } from './Faces';
import { RefPicker } from './RefPicker';
import css from './Share.module.css';
import type { LinkMode, Sharing } from './types';
import { modes, modeText, modeWord } from './words';

type Props = {
  draft: LinkDraft;
  folder: boolean;
  sharing: Sharing;
  /** Whether a password is kept already, so that an empty field leaves it. */
  kept?: boolean;
  /** What is wrong with a field, as the server said. */
  wrong: (field: string) => string | undefined;
  onChange: (change: Partial<LinkDraft>) => void;
};

/** The terms of a link; the server has the last word on each. */
export function LinkFields({ draft, folder, sharing, kept, wrong, onChange }: Props) {
  const { t } = useTranslation();
  const [today] = useState(() => dayOf(new Date()));
  const put = sharing.give.includes('write');
  const refused = (mode: LinkMode) => (mode === 'drop' && !folder) || ((mode === 'drop' || mode === 'edit') && !put);
  const needed = sharing.password && draft.people.length === 0;
  return (
    <>
      <NativeSelect
        label={t('share.mode')} value={draft.mode} description={`${modeText(draft.mode, t)}${put ? '' : ` ${t('share.noWrite')}`}`} inputWrapperOrder={['label', 'input', 'description', 'error']} error={wrong('mode')}
        data={modes.filter((mode) => folder || mode !== 'drop').map((value) => ({ value, label: modeWord(value, t), disabled: refused(value) }))} onChange={(event) => onChange({ mode: event.currentTarget.value as LinkMode })}
      />
      <Switch
        label={t('share.password')} description={needed ? asSentence(sharing.why.password ?? t('share.passwordNeeded')) : undefined} checked={draft.locked || needed} disabled={needed && draft.locked}
        onChange={(event) => onChange({ locked: event.currentTarget.checked })}
      />
      {(draft.locked || needed) && (
        <PasswordInput
          label={t('entry.password')} value={draft.password} error={wrong('password')} autoComplete="new-password" maxLength={1024} placeholder={kept ? t('share.passwordKept') : ''}
          description={sharing.characters > 0 ? t('share.characters', { count: sharing.characters }) : undefined} visibilityToggleButtonProps={{ 'aria-label': t('entry.show'), tabIndex: 0 }}
          onChange={(event) => onChange({ locked: true, password: event.currentTarget.value })}
        />
      )}
      <TextInput
        type="date" label={t('share.lastDay')} description={sharing.days > 0 ? t('share.days', { count: sharing.days }) : t('share.noLastDay')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={today} value={draft.until} error={wrong('until')}
        onChange={(event) => onChange({ until: event.currentTarget.value })}
      />
      <details className={css.details}>
        <summary>{t('share.more')}</summary>
        <div className={css.fields}><Rest {...{ draft, sharing, wrong, onChange, folder }} /></div>
      </details>
    </>
  );
}

function Rest({ draft, sharing, wrong, onChange }: Props) {
  const { t } = useTranslation();
  const guarded = draft.locked || draft.people.length > 0;
  const noSlug = sharing.slugs || guarded ? undefined : asSentence(sharing.why.slugs ?? t('share.slugGuarded'));
  const slugWrong = draft.slug !== '' && !isSlug(draft.slug) ? t('share.slugWrong') : undefined;
  return (
    <>
      <TextInput label={t('share.label')} description={t('share.labelText')} value={draft.label} maxLength={200} autoComplete="off" error={wrong('label')} onChange={(event) => onChange({ label: event.currentTarget.value })} />
      <TextInput type="date" label={t('share.firstDay')} value={draft.from} error={wrong('from')} onChange={(event) => onChange({ from: event.currentTarget.value })} />
      {takesDownloads(draft.mode) && (
        <NumberInput
          label={t('share.downloads')} description={sharing.downloads > 0 ? t('share.downloadsMost', { count: sharing.downloads }) : t('share.emptyNone')} value={draft.downloads} min={1} allowDecimal={false} allowNegative={false} hideControls error={wrong('downloads')}
          onChange={(value) => onChange({ downloads: String(value) })}
        />
      )}
      {takesUploads(draft.mode) && (
        <NumberInput
          label={t('share.upload')} description={sharing.upload > 0 ? t('share.uploadMost', { count: Math.floor(sharing.upload / 1_000_000) }) : t('share.emptyNone')} value={draft.upload} min={0} allowNegative={false} hideControls error={wrong('upload')}
          onChange={(value) => onChange({ upload: String(value) })}
        />
      )}
      <Only draft={draft} sharing={sharing} wrong={wrong} onChange={onChange} />
      <TextInput
        label={t('share.slug')} description={noSlug ?? t('share.slugText')} value={draft.slug} disabled={noSlug !== undefined && draft.slug === ''} error={wrong('slug') ?? slugWrong} maxLength={64} spellCheck={false} autoComplete="off" leftSection="/s/" leftSectionWidth={36}
        onChange={(event) => onChange({ slug: event.currentTarget.value })}
      />
      {showsPreviews(draft.mode) && <Switch label={t('share.watermark')} description={t('share.watermarkText')} checked={draft.watermark} onChange={(event) => onChange({ watermark: event.currentTarget.checked })} />}
      {sharing.policies.length > 0 && (
        <NativeSelect
          label={t('share.policy')} value={draft.policies[0] ?? ''} data={[{ value: '', label: t('share.policyNone') }, ...sharing.policies.map(({ id, label }) => ({ value: id, label: label || id }))]} error={wrong('policies')}
          onChange={(event) => onChange({ policies: event.currentTarget.value ? [event.currentTarget.value] : [] })}
        />
      )}
    </>
  );
}

/** Those who alone may open it, and sign in to do so. */
function Only({ draft, sharing, wrong, onChange }: Pick<Props, 'draft' | 'sharing' | 'wrong' | 'onChange'>) {
  const { t } = useTranslation();
  return (
    <div>
      <RefPicker
        label={t('share.only')} description={t('share.onlyText')} noExternal={sharing.external ? undefined : asSentence(sharing.why.external ?? t('share.noExternal'))} without={draft.people} error={wrong('people') ?? wrong('members')}
        onPick={(found) => onChange({ people: [...draft.people, found] })}
      />
      {draft.people.length > 0 && (
        <ul className={css.rows} aria-label={t('share.only')}>
          {draft.people.map((one) => (
            <li key={`${one.kind}:${one.id}`} className={css.give}>
              <Face kind={one.kind} label={one.label} />
              <span className={css.who}>{one.label}</span>
              <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('share.dropNamed', { name: one.label })} onClick={() => onChange({ people: draft.people.filter((other) => other !== one) })}><IconX size={16} /></ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
