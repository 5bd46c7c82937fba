// Calls about everybody's shares, the administrators' own.
import { call } from '../../share/call';
import type { Review } from './types';

export const reviewsApi = {
  list: () => call<{ items: Review[] }>('GET', '/house/reviews').then(({ items }) => items),
  ask: (review: { ids: string[]; due: string; note: string }) => call<Review>('POST', '/house/reviews', { body: review }),
};

export const reviewsKey = ['console', 'reviews'] as const;
