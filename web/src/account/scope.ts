// What a token is for, between the form, the API and words.
import type { Translate } from '../i18n';
import type { Reach, Scope, ScopeIn } from './types';

export const reaches: readonly Reach[] = ['read', 'write', 'all'];
/** The ways in that a token can be confined to. */
export const gateways = ['rest', 'webdav', 's3', 'sftp', 'sync'] as const;

export type ScopeDraft = { reach: Reach; folder?: { id: string; path: string }; gateways: string[] };

/** The draft as the API wants it; a token for everything has no folder. */
export function scopeIn({ reach, folder, gateways: chosen }: ScopeDraft): ScopeIn {
  return { reach, node: reach === 'all' ? undefined : folder?.id, gateways: chosen.length > 0 ? gateways.filter((one) => chosen.includes(one)) : undefined };
}

export function reachWord(reach: Reach, t: Translate): string {
  switch (reach) {
    case 'read': return t('scope.read');
    case 'write': return t('scope.write');
    case 'all': return t('scope.all');
  }
}

/** What goes through a gateway, by the name of what people use there. */
export function gatewayWord(gateway: string, t: Translate): string {
  switch (gateway) {
    case 'rest': return t('scope.rest');
    case 'webdav': return 'WebDAV';
    case 's3': return 'S3';
    case 'sftp': return 'SFTP';
    case 'sync': return t('scope.sync');
    default: return gateway;
  }
}

/** The scope in a few words; a token from before scopes may do everything. */
export function scopeWords(scope: Scope | undefined, t: Translate): string {
  const words = [reachWord(scope?.reach ?? 'all', t)];
  if (scope?.node) words.push(t('scope.in', { path: scope.path || t('scope.gone') }));
  if (scope?.gateways && scope.gateways.length > 0) words.push(t('scope.through', { gateways: scope.gateways.map((one) => gatewayWord(one, t)).join(', ') }));
  return words.join(' · ');
}
