import type { components } from '../../api/schema';
import type { Whole } from '../../api/whole';

/** An administrator's asking owners to look at what they share. */
export type Review = Whole<components['schemas']['Review']>;
export type Reviewed = Review['cells'][number];
