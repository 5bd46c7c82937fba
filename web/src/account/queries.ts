// What is kept of the answers about the person herself.
export const mine = {
  sessions: ['sessions'] as const,
  tokens: ['tokens'] as const,
};
