import type { components } from '../../api/schema';
import type { Whole } from '../../api/whole';
import type { Share } from '../../share/types';

type Schemas = components['schemas'];

/** What a house rule says; what is left out it says nothing of. */
export type Terms = Whole<Schemas['Terms']>;
export type HouseRule = Whole<Schemas['HouseRule']>;
export type HouseRuleIn = Whole<Schemas['RuleInput']>;
export type RuleCheck = { stopped: Share[]; freed: Share[] };
