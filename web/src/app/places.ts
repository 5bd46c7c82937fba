import { t } from '../i18n';

/** The name of a workspace: the shipped ones speak the reader's language, others are called as their maker called them. */
export function placeName(label: string): string {
  if (label === 'My files') return t('place.mine');
  if (label === 'Common files') return t('place.common');
  return label;
}
