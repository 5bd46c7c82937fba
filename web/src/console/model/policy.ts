// A policy between its JSON and the form. The form changes only what was
// touched: what it has no field for stays in the JSON as it was.
import type { AttributeCondition, Condition, Conditions, Policy, PolicyType, Rule } from '../types';

export type Reading = { policy: Policy } | { broken: 'json' | 'shape'; reason: string };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

export const isCondition = (value: unknown): value is Condition => isObject(value) && typeof value.type === 'string';

function conditionFits(value: unknown): boolean {
  return isObject(value) && typeof value.type === 'string' && (value.options === undefined || isObject(value.options));
}

/** Says where a rule has a shape for which the form has no field; empty where it has none. */
function misfit(rule: unknown, at: string): string {
  if (!isObject(rule)) return at;
  if (!isText(rule.label)) return `${at}.label`;
  if (!isText(rule.effect)) return `${at}.effect`;
  if (!areTexts(rule.actions)) return `${at}.actions`;
  for (const list of ['subjects', 'resources'] as const) if (rule[list] !== undefined && !areTexts(rule[list])) return `${at}.${list}`;
  const { conditions } = rule;
  if (conditions === undefined || conditions === null) return '';
  if (Array.isArray(conditions)) {
    const bad = conditions.findIndex((one: unknown) => !conditionFits(one) || typeof (one as { attribute?: unknown }).attribute !== 'string');
    return bad < 0 ? '' : `${at}.conditions[${bad}]`;
  }
  if (!isObject(conditions)) return `${at}.conditions`;
  const bad = Object.entries(conditions).find(([, one]) => !conditionFits(one));
  return bad ? `${at}.conditions.${bad[0]}` : '';
}

/** Reads the JSON of a policy as far as the form needs; whether it means something is for the server to say. */
export function readPolicy(text: string): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { broken: 'json', reason: error instanceof Error ? error.message : '' };
  }
  if (!isObject(value)) return { broken: 'shape', reason: '' };
  for (const name of ['id', 'type', 'label', 'description', 'mode']) if (!isText(value[name])) return { broken: 'shape', reason: name };
  const { rules } = value;
  if (!Array.isArray(rules)) return { broken: 'shape', reason: 'rules' };
  for (const [i, rule] of rules.entries()) {
    const at = misfit(rule, `rules[${i}]`);
    if (at) return { broken: 'shape', reason: at };
  }
  return { policy: value as Policy };
}

export const writePolicy = (policy: Policy): string => `${JSON.stringify(policy, null, 2)}\n`;

/** The conditions in the order they were written. */
export function listConditions(conditions: Conditions | undefined | null): AttributeCondition[] {
  if (!conditions) return [];
  if (Array.isArray(conditions)) return conditions;
  return Object.entries(conditions).map(([attribute, condition]) => ({ attribute, ...condition }));
}

/** A map where it can be one: where no attribute is tested twice. None at all are left out. */
export function writeConditions(list: readonly AttributeCondition[]): Conditions | undefined {
  if (list.length === 0) return undefined;
  // A map would put names that are whole numbers first.
  const names = new Set(list.map((one) => one.attribute));
  if (names.size < list.length || [...names].some((name) => /^\d+$/.test(name))) return list.map(({ attribute, ...condition }) => ({ attribute, ...condition }));
  return Object.fromEntries(list.map(({ attribute, ...condition }) => [attribute, condition]));
}

/** The rule with a part changed; what becomes undefined is left out. */
export function withPart(rule: Rule, change: Partial<Rule>): Rule {
  const next: Record<string, unknown> = { ...rule, ...change };
  for (const name of Object.keys(change)) if (next[name] === undefined) delete next[name];
  return next as Rule;
}

/** The condition with an option changed; an option without value is left out. */
export function withOption<T extends Condition>(condition: T, name: string, value: unknown): T {
  const options = { ...condition.options };
  if (value === undefined) delete options[name];
  else options[name] = value;
  return { ...condition, options };
}

/** An option as the text of a field. */
export function optionText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed for a value that may be a number. */
export function typedValue(text: string): string | number {
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

/** The parts of a text separated by commas, without blanks around them. */
export const splitList = (text: string): string[] => text.split(',').map((part) => part.trim()).filter(Boolean);

/** The first words of a new rule of a type. */
export function newRule(type: PolicyType): Rule {
  return { label: '', effect: 'allow', actions: type === 'acl' ? ['read'] : type === 'rest' ? ['GET'] : ['login'] };
}

/** An id made of a label: small letters, digits and hyphens. */
export function idFor(label: string): string {
  return label.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64);
}

/** A policy as a new one beside another: its id is followed by a number until it is free. */
export function freeId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  for (let n = 2; ; n++) if (!taken.has(`${id}-${n}`)) return `${id}-${n}`;
}

/** A scenario that names the policy it is about by another id. */
export function renamedIn(scenario: string, from: string, to: string): string {
  const literal = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return scenario.replace(new RegExp(`(?<![\\w-])${literal}(?![\\w-])`, 'g'), () => to);
}
