// What Ctrl-C and Ctrl-X took, until it is pasted in some folder.
import type { Node } from '../api/types';
import { createStore } from '../lib/store';

export type Clip = { mode: 'copy' | 'cut'; nodes: Node[] };

export const clipboard = createStore<Clip | null>(null);
