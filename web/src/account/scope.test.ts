import { describe, expect, it } from 'vitest';
import type { Translate } from '../i18n';
import { scopeIn, scopeWords } from './scope';

const t = ((key: string, values?: Record<string, string>) => (values ? `${key}(${Object.values(values).join()})` : key)) as unknown as Translate;

describe('the scope of a token', () => {
  it.each([
    [undefined, 'scope.all'],
    [{ reach: 'all' as const }, 'scope.all'],
    [{ reach: 'read' as const, node: '7', path: 'common-files/Plans' }, 'scope.read · scope.in(common-files/Plans)'],
    [{ reach: 'write' as const, node: '7' }, 'scope.write · scope.in(scope.gone)'],
    [{ reach: 'write' as const, gateways: ['webdav', 'rest'] }, 'scope.write · scope.through(WebDAV, scope.rest)'],
    [{ reach: 'all' as const, gateways: [] }, 'scope.all'],
  ])('%j is said as %s', (scope, words) => {
    expect(scopeWords(scope, t)).toBe(words);
  });

  it('is sent as it was chosen', () => {
    expect(scopeIn({ reach: 'read', folder: { id: '7', path: 'a' }, gateways: ['sync', 'rest'] })).toEqual({ reach: 'read', node: '7', gateways: ['rest', 'sync'] });
    expect(scopeIn({ reach: 'write', gateways: [] })).toEqual({ reach: 'write', node: undefined, gateways: undefined });
  });

  it('has no folder where it is for everything', () => {
    expect(scopeIn({ reach: 'all', folder: { id: '7', path: 'a' }, gateways: [] }).node).toBeUndefined();
  });
});
