import type { Translate } from '../../i18n';
import type { Role } from '../types';

export function profileWord(profile: string, t: Translate): string {
  switch (profile) {
    case 'admin': return t('account.kindAdmin');
    case 'standard': return t('account.kindStandard');
    case 'shared': return t('account.kindShared');
    case 'anon': return t('people.anon');
    default: return profile;
  }
}

/** Whose a role is. */
export function roleKind(role: Role, t: Translate): string {
  if (role.ownerUser) return t('roles.ofUser', { login: role.ownerUser });
  if (role.ownerGroup) return t('roles.ofGroup', { path: role.ownerGroup });
  return role.team ? t('roles.team') : t('roles.own');
}
