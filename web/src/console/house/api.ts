// Calls about house rules, one function each.
import { useQuery } from '@tanstack/react-query';
import { call } from '../../share/call';
import type { HouseRule, HouseRuleIn, RuleCheck } from './types';

export const houseApi = {
  rules: () => call<{ items: HouseRule[] }>('GET', '/house/rules').then(({ items }) => items),
  add: (rule: HouseRuleIn) => call<HouseRule>('POST', '/house/rules', { body: rule }),
  change: (id: string, rule: HouseRuleIn) => call<HouseRule>('PUT', `/house/rules/${encodeURIComponent(id)}`, { body: rule }),
  remove: (id: string) => call<void>('DELETE', `/house/rules/${encodeURIComponent(id)}`),
  check: (rule: HouseRuleIn, signal?: AbortSignal) => call<RuleCheck>('POST', '/house/rules/check', { body: rule, signal }),
};

export const houseKey = ['console', 'house'] as const;
export const useHouseRules = () => useQuery({ queryKey: houseKey, queryFn: houseApi.rules });
