// Calls about house rules, one function each.
import { useQuery } from '@tanstack/react-query';
import { asked, at, done, http, listed } from '../../api/typed';
import type { HouseRuleIn, RuleCheck } from './types';

export const houseApi = {
  rules: () => listed(http.GET('/house/rules')),
  add: (rule: HouseRuleIn) => asked(http.POST('/house/rules', { body: rule })),
  change: (id: string, rule: HouseRuleIn) => asked(http.PUT('/house/rules/{id}', { ...at(id), body: rule })),
  remove: (id: string) => done(http.DELETE('/house/rules/{id}', at(id))),
  check: (rule: HouseRuleIn & { id?: string }, signal?: AbortSignal) => asked(http.POST('/house/rules/check', { body: rule, signal })) as Promise<RuleCheck>,
};

export const houseKey = ['console', 'house'] as const;
export const useHouseRules = () => useQuery({ queryKey: houseKey, queryFn: houseApi.rules });
