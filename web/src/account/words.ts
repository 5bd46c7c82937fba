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

type Way = 'group' | 'profile' | 'team' | 'assigned' | 'own' | '';

const ways: [RegExp, Way][] = [
  [/^(?:the role of the )?group (.+)$/, 'group'],
  [/^(?:applied to the )?profile (.+)$/, 'profile'],
  [/\bteams?\b/, 'team'],
  [/^(?:assigned|forced)\b/, 'assigned'],
  [/^(?:his )?own\b/, 'own'],
];

/**
 * Why a role is in somebody's stack, by which name, and whether it comes after
 * the others: the server says it in English, as the trace does.
 */
export function wayOf(why: string): { way: Way; name: string; last: boolean } {
  const said = why.replace(/, overriding$/, '');
  const last = said !== why || said === 'forced';
  for (const [words, way] of ways) {
    const found = words.exec(said);
    if (found) return { way, name: found[1] ?? '', last };
  }
  return { way: '', name: said, last };
}

/** The same in the reader's language. */
export function whyWord(why: string, t: Translate): string {
  const { way, name, last } = wayOf(why);
  if (way === 'assigned' && last) return t('why.forced');
  const said = wayWord(way, name, t);
  return last ? t('why.last', { why: said }) : said;
}

function wayWord(way: Way, name: string, t: Translate): string {
  switch (way) {
    case 'group': return name === '/' ? t('why.everybody') : t('why.group', { path: name });
    case 'profile': return t('why.profile', { profile: kindWord(name, t) });
    case 'team': return t('why.team');
    case 'assigned': return t('why.assigned');
    case 'own': return t('why.own');
    default: return name;
  }
}

/** What a role of somebody's stack is called; its bare name where it is not there. */
export const roleLabel = (role: string | undefined, stack: readonly { role: string; label: string }[]): string | undefined =>
  stack.find((one) => one.role === role)?.label || role;
