// The catalogue's own names in words of the reader.
import type { Translate } from '../../i18n';
import type { Attribute, Effect, PolicyMode, PolicyType } from '../types';

export function conditionWord(type: string, t: Translate): string {
  switch (type) {
    case 'StringEqualCondition': return t('condition.equals');
    case 'StringMatchCondition': return t('condition.matches');
    case 'StringNotMatchCondition': return t('condition.notMatches');
    case 'PathGlobCondition': return t('condition.glob');
    case 'CIDRCondition': return t('condition.cidr');
    case 'OfficeHoursCondition': return t('condition.hours');
    case 'WithinPeriodCondition': return t('condition.period');
    case 'DateAfterCondition': return t('condition.after');
    case 'BooleanCondition': return t('condition.boolean');
    case 'StringPairsEqualCondition': return t('condition.pairs');
    case 'EqualsSubjectCondition': return t('condition.subject');
    case 'ResourceContainsCondition': return t('condition.resource');
    case 'CompareCondition': return t('condition.compare');
    case 'InCondition': return t('condition.in');
    case 'CELCondition': return t('condition.cel');
    case 'NotCondition': return t('condition.not');
    case 'AnyCondition': return t('condition.any');
    case 'AllCondition': return t('condition.all');
    default: return type;
  }
}

/** The type of condition that is most often meant for what an attribute holds. */
export function usualCondition(attribute: Attribute | undefined): string {
  if (attribute?.values) return 'InCondition';
  switch (attribute?.holds) {
    case 'address': return 'CIDRCondition';
    case 'time': return 'OfficeHoursCondition';
    case 'size':
    case 'number': return 'CompareCondition';
    case 'path': return 'PathGlobCondition';
    case 'list': return 'InCondition';
    default: return 'StringEqualCondition';
  }
}

/** The line of the catalogue for an attribute; names of the author's own follow a colon. */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.find((one) => (one.name.endsWith(':') ? name.startsWith(one.name) && name.length > one.name.length : one.name === name));
}

export function typeWord(type: PolicyType, t: Translate): string {
  switch (type) {
    case 'acl': return t('policy.acl');
    case 'rest': return t('policy.rest');
    case 'oidc': return t('policy.oidc');
  }
}

export function modeWord(mode: PolicyMode | undefined, t: Translate): string {
  switch (mode) {
    case 'off': return t('policy.off');
    case 'observed': return t('policy.observed');
    default: return t('policy.enforced');
  }
}

export const effectWord = (effect: Effect, t: Translate): string => (effect === 'deny' ? t('rule.deny') : t('rule.allow'));
