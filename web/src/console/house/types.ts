import type { Share } from '../../share/types';

/** What a house rule says; what is left out it says nothing of. */
export type Terms = {
  cells?: boolean; fileLinks?: boolean; folderLinks?: boolean; external?: boolean; password?: boolean; slugs?: boolean; days?: number; downloads?: number; upload?: number; characters?: number; policies?: string[]; groups?: string[];
};
export type HouseRule = { id: string; role: { id: string; label: string }; node: { id: string; path: string }; terms: Terms };
export type HouseRuleIn = { id?: string; role: string; node?: string; terms: Terms };
export type RuleCheck = { stopped: Share[]; freed: Share[] };
