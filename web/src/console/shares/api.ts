// Calls about everybody's shares, the administrators' own.
import type { components } from '../../api/schema';
import { asked, http, listed } from '../../api/typed';

export const reviewsApi = {
  list: () => listed(http.GET('/house/reviews')),
  ask: (review: components['schemas']['AskReviewInBody']) => asked(http.POST('/house/reviews', { body: review })),
};

export const reviewsKey = ['console', 'reviews'] as const;
