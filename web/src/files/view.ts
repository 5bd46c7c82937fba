import type { Node, Order, SortKey } from '../api/types';
import type { Listing } from './listing';
import type { Selecting } from './selection';
import type { PointerUse } from './pointer';
import type { KeyUse } from './typing';

/** What a list and a grid have in common. */
export type ItemsProps = {
  label: string;
  listing: Listing;
  selecting: Selecting;
  pointer: PointerUse;
  keys: Omit<KeyUse, 'columns' | 'page' | 'show'>;
  /** The node whose name is being changed. */
  renaming?: string;
  onRenamed: () => void;
  /** Nodes that wait to be pasted elsewhere. */
  faded: ReadonlySet<string>;
  sort?: SortKey;
  order?: Order;
  onSort?: (key: SortKey) => void;
  /** In the bin, where a thing was and when it was deleted. */
  bin?: boolean;
  onMore: (node: Node, at: DOMRect) => void;
};
