/** The scorers that the blend mixes, each of which names candidates; `ranking/strategies/blend-features.ts` has them. */
export const BLEND_PART_NAMES = [
  'markov',
  'sequential-rules',
  'session-rules',
  'session-knn',
  'continuations',
] as const;
export type BlendPart = (typeof BLEND_PART_NAMES)[number];

/** What the blend knows of a candidate. One weight each, in this order. */
export const BLEND_FEATURES: readonly string[] = [
  ...BLEND_PART_NAMES.flatMap((name) => [`log share of ${name}`, `score of ${name} / best`]),
  'input × output vectors',
  'cosine',
  'is the newest product',
  'is the product before it',
  'was viewed earlier',
  'log views in the session',
  'log views',
  'log recent views',
];

/**
 * For a shop with too few sessions to fit its own: the plain mean of the parts' log shares, and a little popularity.
 */
export const UNFITTED_BLEND_WEIGHTS: Float64Array = Float64Array.from(BLEND_FEATURES, (name) => {
  if (name.startsWith('log share of')) return 0.2;
  return name === 'log recent views' ? 0.1 : 0;
});
