// What the server keeps as a name, in words.
import type { Translate } from '../i18n';
import { formatCount } from '../lib/format';
import { heldBy, type Hold, policiesOf } from './draft';
import type { Tone } from '../console/parts/Mark';
import type { Flag, LinkMode, Request, Right, Use, Void } from './types';

export const modes: readonly LinkMode[] = ['read', 'preview', 'download', 'drop', 'edit'];
export const flags: readonly Flag[] = ['no-password', 'no-end', 'external', 'unused', 'owner-gone', 'weaker', 'stopped', 'partly', 'ended'];

/** What a link is for, in a few words. */
export function modeWord(mode: LinkMode, t: Translate): string {
  switch (mode) {
    case 'read': return t('share.mode.read');
    case 'preview': return t('share.mode.preview');
    case 'download': return t('share.mode.download');
    case 'drop': return t('share.mode.drop');
    case 'edit': return t('share.mode.edit');
  }
}

/** The same as a sentence. */
export function modeText(mode: LinkMode, t: Translate): string {
  switch (mode) {
    case 'read': return t('share.mode.readText');
    case 'preview': return t('share.mode.previewText');
    case 'download': return t('share.mode.downloadText');
    case 'drop': return t('share.mode.dropText');
    case 'edit': return t('share.mode.editText');
  }
}

/** That a house rule stops a share, or a part of it, and why. */
export function stopSentence(stop: Void, t: Translate): string {
  const why = stopText(stop, t);
  return stop.partly ? t('share.partlyBy', { why }) : t('share.stoppedBy', { why });
}

/** Why the house rules stop a share: part of a sentence. */
export function stopText(stop: Void, t: Translate): string {
  switch (stop.term) {
    case 'cells': return t('share.stop.cells');
    case 'fileLinks': return t('share.stop.fileLinks');
    case 'folderLinks': return t('share.stop.folderLinks');
    case 'external': return t('share.stop.external');
    case 'password': return t('share.stop.password');
    case 'slugs': return t('share.stop.slugs');
    case 'policies': return t('share.stop.policies');
    case 'days': return t('share.stop.days');
    default: return stop.text;
  }
}

export function flagWord(flag: Flag, t: Translate): string {
  switch (flag) {
    case 'no-password': return t('share.flag.noPassword');
    case 'no-end': return t('share.flag.noEnd');
    case 'external': return t('share.flag.external');
    case 'unused': return t('share.flag.unused');
    case 'owner-gone': return t('share.flag.ownerGone');
    case 'weaker': return t('share.flag.weaker');
    case 'stopped': return t('share.flag.stopped');
    case 'partly': return t('share.flag.partly');
    case 'ended': return t('share.flag.ended');
  }
}

/** Red for what gives nothing now, amber for what asks to be looked at. */
export const flagTone = (flag: Flag) => (flag === 'stopped' || flag === 'ended' || flag === 'owner-gone' ? 'bad' : flag === 'unused' ? 'quiet' : 'warn');

export function rightWord(right: Right, t: Translate): string {
  return right === 'read' ? t('share.right.read') : t('share.right.write');
}

/** "Read", "Read and change", or what the policies are called. */
export function holdWord(hold: Hold, policies: readonly { id: string; label: string }[], t: Translate): string {
  const named = policiesOf(hold);
  if (named.length > 0) return named.map((id) => policies.find((one) => one.id === id)?.label || id).join(', ');
  return rightsWord('rights' in heldBy(hold) ? (heldBy(hold) as { rights: Right[] }).rights : [], t);
}

export function rightsWord(rights: readonly Right[], t: Translate): string {
  const read = rights.includes('read');
  if (rights.includes('write')) return read ? t('share.hold.write') : t('share.hold.put');
  return read ? t('share.hold.read') : t('share.hold.nothing');
}

/** How a request was answered, and the colour of it. */
export function answerWord(answer: Request['answer'], t: Translate): [string, Tone] {
  switch (answer) {
    case 'granted': return [t('ask.granted'), 'good'];
    case 'refused': return [t('ask.refused'), 'bad'];
    case 'withdrawn': return [t('ask.withdrawn'), 'quiet'];
    case '': return [t('ask.open'), 'info'];
  }
}

/** What was done with it so far, in a line. */
export function usedWords(use: Use, t: Translate, language: string): string {
  const parts = [];
  if (use.opened > 0) parts.push(t('share.use.opened', { count: use.opened, shown: formatCount(use.opened, language) }));
  if (use.downloads > 0) parts.push(t('share.use.downloads', { count: use.downloads, shown: formatCount(use.downloads, language) }));
  if (use.uploads > 0) parts.push(t('share.use.uploads', { count: use.uploads, shown: formatCount(use.uploads, language) }));
  return parts.length > 0 ? parts.join(' · ') : t(use.last ? 'share.use.otherwise' : 'share.use.never');
}
