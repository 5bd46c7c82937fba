import type { Person } from '../../share/types';

export type Reviewed = { id: string; label: string; owner: Person; answer: '' | 'kept' | 'changed' | 'ended'; at?: string };
/** An administrator's asking owners to look at what they share. */
export type Review = { id: string; by: Person; note: string; due: string; made: string; cells: Reviewed[] };
