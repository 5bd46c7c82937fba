// What the server keeps as a name, in words.
import type { Translate } from '../i18n';

/** How somebody signed in. */
export function methodWord(method: string | undefined, level: number | undefined, t: Translate): string {
  if (method === 'passkey') return t('method.passkey');
  if (method === undefined || method === '') return '';
  return (level ?? 1) >= 2 ? t('method.second') : t('method.password');
}

/** What kind of account it is. */
export function kindWord(profile: string, t: Translate): string {
  switch (profile) {
    case 'admin': return t('account.kindAdmin');
    case 'standard': return t('account.kindStandard');
    case 'shared': return t('account.kindShared');
    default: return profile;
  }
}

/** Why a role is in somebody's stack: the server says it in English, as the trace does. */
export function whyWord(why: string, t: Translate): string {
  const [first = '', ...rest] = why.split(' ');
  const name = rest.join(' ');
  switch (first) {
    case 'group': return t('why.group', { path: name });
    case 'profile': return t('why.profile', { profile: kindWord(name, t) });
    case 'team': return t('why.team');
    case 'assigned': return t('why.assigned');
    case 'forced': return t('why.forced');
    case 'own': return t('why.own');
    default: return why;
  }
}
