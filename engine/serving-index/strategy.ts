/** The ways to recommend, under the field's names. Every one is served from the same index. */
export const STRATEGIES = [
  'blend',
  'session-knn',
  'sequential-rules',
  'markov',
  'embedding',
  'cluster-nearest',
  'cluster-sample',
  'bought-together',
  'trending',
  'popularity',
] as const;

export type Strategy = (typeof STRATEGIES)[number];

export function isStrategy(name: unknown): name is Strategy {
  return (STRATEGIES as readonly unknown[]).includes(name);
}
