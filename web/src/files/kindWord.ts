import type { Translate } from '../i18n';
import type { Kind } from './kinds';

/** The word for a kind of file. */
export function kindWord(kind: Kind, t: Translate): string {
  switch (kind) {
    case 'folder': return t('kind.folder');
    case 'image': return t('kind.image');
    case 'pdf': return t('kind.pdf');
    case 'text': return t('kind.text');
    case 'audio': return t('kind.audio');
    case 'video': return t('kind.video');
    case 'archive': return t('kind.archive');
    case 'document': return t('kind.document');
    case 'sheet': return t('kind.sheet');
    case 'slides': return t('kind.slides');
    case 'code': return t('kind.code');
    case 'font': return t('kind.font');
    case 'other': return t('kind.other');
  }
}
