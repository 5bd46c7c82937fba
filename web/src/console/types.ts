// The shapes of what governs access, by short names. They come from the
// description that the server gives of itself.
import type { components } from '../api/schema';
import type { Whole } from '../api/whole';

type Schemas = components['schemas'];
type Shape<Name extends keyof Schemas> = Whole<Schemas[Name]>;

export type Condition = Shape<'Condition'>;
export type AttributeCondition = Shape<'AttributeCondition'>;
/** A map from attribute to condition, or a list where one attribute is tested twice; the server describes it as either. */
export type Conditions = Record<string, Condition> | AttributeCondition[];
export type Effect = Shape<'StoryRule'>['effect'];
export type Rule = Omit<Shape<'Rule'>, 'conditions' | 'effect'> & { effect: Effect; conditions?: Conditions };
export type PolicyLine = Shape<'PolicyLine'>;
export type PolicyType = PolicyLine['type'];
export type PolicyMode = PolicyLine['mode'];
export type Policy = Omit<Shape<'Policy'>, 'rules' | 'type' | 'mode'> & { type: PolicyType; mode?: PolicyMode; rules: Rule[] };

export type Finding = Shape<'Finding'>;
export type Severity = Finding['severity'];
export type PlaceError = Partial<Shape<'Mistake'>>;
export type Observed = Shape<'Observed'>;
export type ScenarioFile = Shape<'AttachedScenario'>;
export type ScenarioResult = Shape<'CheckedScenario'>;
export type PolicyCheck = Shape<'Checked'>;
export type PolicyDocument = Omit<Shape<'PolicyDocument'>, 'policy'> & { policy: Policy };
export type PolicyVersion = Shape<'VersionLine'>;
export type DiffLine = Shape<'DiffLine'>;
export type PolicyVersionText = Omit<Shape<'VersionDocument'>, 'policy'> & { policy: Policy };
export type PolicyTemplate = Omit<Shape<'PolicyTemplate'>, 'policy'> & { policy: Policy };

export type Attribute = Shape<'CatalogueAttribute'>;
export type ConditionOption = Shape<'CatalogueOption'>;
export type OptionKind = ConditionOption['kind'];
export type Catalogue = Shape<'Catalogue'>;

export type Entry = Shape<'Entry'>;
export type Right = Entry['rights'][number];
export type EntryIn = Omit<Shape<'EntryIn'>, 'id' | 'rights' | 'deny' | 'policies'> & Pick<Entry, 'rights' | 'deny' | 'policies'>;

export type Role = Shape<'Role'>;
export type Group = Shape<'Group'>;
/** The kinds of account that can be given. */
export type Profile = NonNullable<Shape<'NewUser'>['profile']>;
export type PersonRecord = Shape<'UserDocument'>;
export type PersonChange = Shape<'UserPatch'>;

export type ConsoleWorkspace = Shape<'ConsoleWorkspace'>;
export type PickerNode = Shape<'ConsoleNode'>;
export type Namespace = Shape<'Namespace'>;

type ChangeParts = Shape<'Change'>;
/** Exactly one of the parts that the server knows. */
export type Change =
  | { policy: Policy }
  | { removePolicy: string }
  | { entry: EntryIn & { id?: string } }
  | { removeEntry: string }
  | { role: NonNullable<ChangeParts['role']> }
  | { removeRole: string }
  | { user: NonNullable<ChangeParts['user']> };
export type RoleIn = Shape<'NewRole'>;

export type Simulation = Shape<'Simulation'>;
export type ExplainIn = Shape<'Question'>;
export type Explanation = Shape<'Explanation'>;
export type ExplainedRole = Shape<'StoryRole'>;
export type ExplainedEntry = Shape<'StoryEntry'>;
export type ExplainedWay = Shape<'StoryWay'>;
export type ExplainedPolicy = Shape<'StoryPolicy'>;
export type ExplainedRule = Shape<'StoryRule'>;
export type ExplainedCondition = Shape<'StoryCondition'>;
