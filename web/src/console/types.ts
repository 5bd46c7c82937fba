// The shapes of what governs access, as the server describes them.

export type PolicyType = 'acl' | 'rest' | 'oidc';
export type PolicyMode = 'off' | 'observed' | 'enforced';
export type Effect = 'allow' | 'deny';
export type Right = 'read' | 'write';

export type Condition = { type: string; options?: Record<string, unknown> };
export type AttributeCondition = Condition & { attribute: string };
/** A map from attribute to condition, or a list where one attribute is tested twice. */
export type Conditions = Record<string, Condition> | AttributeCondition[];

export type Rule = {
  id?: string;
  label?: string;
  effect: Effect;
  actions: string[];
  subjects?: string[];
  resources?: string[];
  conditions?: Conditions;
};

export type Policy = {
  id: string;
  type: PolicyType;
  label?: string;
  description?: string;
  mode?: PolicyMode;
  rules: Rule[];
};

export type Severity = 'error' | 'warning' | 'note';
export type Finding = { code: string; severity: Severity; rule: number; attribute?: string; message: string; fix: string };
export type PlaceError = { location?: string; message?: string };
export type Observed = { count: number; last: string };
export type ScenarioFile = { name: string; text: string };

export type PolicyLine = {
  id: string;
  type: PolicyType;
  label: string;
  description: string;
  mode: PolicyMode;
  rules: number;
  version: number;
  changed: string;
  author: string;
  usedBy: number;
  findings: number;
  observed?: Observed;
};

export type PolicyDocument = {
  policy: Policy;
  version: number;
  author: string;
  at: string;
  usedBy: Entry[];
  findings: Finding[];
  scenarios: ScenarioFile[];
  observed?: Observed;
};

export type PolicyVersion = {
  version: number;
  at: string;
  author: string;
  note: string;
  mode: PolicyMode;
  rules: number;
  deleted: boolean;
  current: boolean;
};

export type DiffLine = { op: ' ' | '+' | '-'; text: string };
export type PolicyVersionText = { version: number; policy: Policy; diff: DiffLine[] };

export type ScenarioFailure = { id: string; note: string; message: string; trace: string[] };
export type ScenarioResult = { name: string; passed: number; failed: ScenarioFailure[]; malformed?: string };
export type PolicyCheck = { valid: boolean; errors: PlaceError[]; findings: Finding[]; scenarios: ScenarioResult[] };
export type PolicyTemplate = { id: string; label: string; description: string; policy: Policy; scenario: string };

export type Attribute = { name: string; class: 'context' | 'subject' | 'node'; holds: string; values?: string[]; doc: string };
export type OptionKind =
  | 'text' | 'pattern' | 'cidr' | 'hours' | 'period' | 'time' | 'timezone' | 'glob' | 'boolean' | 'op' | 'value' | 'values' | 'expr'
  | 'condition' | 'conditions';
export type ConditionOption = { name: string; kind: OptionKind; required: boolean; doc: string };
export type ConditionType = { type: string; doc: string; options: ConditionOption[] };
export type Catalogue = { attributes: Attribute[]; conditions: ConditionType[] };

export type EntryIn = {
  role: string;
  node?: string;
  path?: string;
  template?: string;
  rights: Right[];
  deny: boolean;
  policies: string[];
  expires?: string;
};
export type Entry = EntryIn & { id: string; roleLabel: string };

export type Role = {
  id: string;
  label: string;
  profiles: string[];
  force: boolean;
  ownerUser?: string;
  ownerGroup?: string;
  entries: number;
  users: number;
};
export type RoleIn = { id: string; label: string; profiles: string[]; force: boolean };

export type Group = { id: string; path: string; name: string; parent?: string; role: string; users: number };

export type Profile = 'admin' | 'standard' | 'shared' | 'anon';
export type StackedRole = { role: string; label: string; why: string };
export type PersonLine = { id: string; login: string; name: string; email: string; profile: Profile; disabled: boolean; created: string };
export type PersonRecord = PersonLine & {
  group: { id: string; path: string };
  roles: string[];
  attributes: Record<string, string>;
  stack: StackedRole[];
};
export type PersonChange = {
  name?: string;
  email?: string;
  profile?: Profile;
  group?: string;
  roles?: string[];
  disabled?: boolean;
  attributes?: Record<string, string>;
};
export type PersonIn = { login: string; password: string; name?: string; email?: string; profile?: Profile; group?: string };

export type ConsoleWorkspace = { slug: string; label: string; node?: string; path?: string; template?: string };
export type PickerNode = { id: string; name: string; path: string; type: 'LEAF' | 'COLLECTION' };

export type Change =
  | { policy: Policy }
  | { removePolicy: string }
  | { entry: EntryIn & { id?: string } }
  | { removeEntry: string }
  | { role: RoleIn }
  | { removeRole: string }
  | { user: { login: string; group?: string; roles?: string[]; profile?: Profile; disabled?: boolean } };

export type SimulationLine = {
  who: { label: string; users: number; logins: string[] };
  node?: { id: string; path: string };
  call?: { method: string; path: string };
  right: string;
  gains: boolean;
  when?: string;
};
export type Simulation = {
  id: string;
  complete: boolean;
  people: { gain: number; lose: number };
  atLeast: boolean;
  lines: SimulationLine[];
  refused?: { code: string; message: string };
};

export type ExplainIn = {
  user?: string;
  node?: string;
  path?: string;
  action?: string;
  call?: { method: string; path: string };
  signin?: string;
  context?: Record<string, string>;
  draft?: Policy;
};
export type ExplainedEntry = { entry: string; node: string; path: string; holds: string; state: string; text: string };
export type ExplainedRole = StackedRole & { entries: ExplainedEntry[] };
export type ExplainedCondition = { attribute: string; type: string; words: string; value: string; result: string };
export type ExplainedRule = { rule: number; label: string; effect: Effect; applies: boolean; why: string; conditions: ExplainedCondition[] };
export type ExplainedPolicy = {
  policy: string;
  label: string;
  mode: PolicyMode;
  onPath: boolean;
  at: { node?: string; path?: string };
  verdict: 'allow' | 'deny' | 'none';
  rules: ExplainedRule[];
};
export type Flip = { attribute: string; from: string; to: string; becomes: Effect; text: string };
export type Explanation = {
  allowed: boolean;
  action: string;
  verdict: string;
  version: number;
  validUntil?: string;
  subject: { login?: string; profile: string; roles: StackedRole[] };
  node?: { id: string; path: string };
  decided: { clause: string; text: string; node?: string; path?: string; role?: string; entry?: string; policy?: string; rule?: number };
  roles: ExplainedRole[];
  policies: ExplainedPolicy[];
  residual: string[];
  flips: Flip[];
};

export type Namespace = { name: string; label: string; editors: 'writers' | 'admins' };
