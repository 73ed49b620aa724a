import { ArtifactError } from '../errors.ts';

/** The scorers that the blend mixes, each of which names candidates; `ranking/strategies/blend-features.ts` has them. */
export const BLEND_PART_NAMES = [
  'markov',
  'sequential-rules',
  'session-rules',
  'session-knn',
  'continuations',
  'two-step-rules',
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
 * For a shop with too few sessions to fit its own: fitted as served on the choices of seven shops of 20 to 150 sessions, and
 * rounded (`scripts/bench/small-shops.ts` has the shops and prints how good they are). What was viewed already is held
 * back a little: shops differ in whether it is wanted again.
 */
const UNFITTED: Readonly<Record<string, number>> = {
  'log share of markov': 0.05,
  'log share of session-rules': 0.2,
  'log share of session-knn': 0.05,
  'score of sequential-rules / best': 0.65,
  'score of session-rules / best': 1.6,
  'score of session-knn / best': 0.45,
  'input × output vectors': 0.08,
  cosine: 2,
  'is the newest product': -1,
  'is the product before it': -0.8,
  'was viewed earlier': -0.7,
  'log views in the session': 0.7,
  'log views': 0.1,
};

export const UNFITTED_BLEND_WEIGHTS: Float64Array = weightsByName(Object.entries(UNFITTED));

/** What an index of version 1 holds weights of, in this order and without names: the features of release 0.1.0. */
export const FEATURES_OF_VERSION_1: readonly string[] = [
  'log share of markov',
  'score of markov / best',
  'log share of sequential-rules',
  'score of sequential-rules / best',
  'log share of session-rules',
  'score of session-rules / best',
  'log share of session-knn',
  'score of session-knn / best',
  'log share of continuations',
  'score of continuations / best',
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
 * Weights of this release or an older one, in the order of `BLEND_FEATURES`. A feature that they do not name is newer than
 * they are and has the weight 0.
 *
 * @throws ArtifactError when a name is unknown or stands twice, or a weight is not finite.
 */
export function weightsByName(named: readonly (readonly [string, number])[]): Float64Array {
  const weights = new Float64Array(BLEND_FEATURES.length);
  const seen = new Set<string>();
  for (const [name, weight] of named) {
    const feature = BLEND_FEATURES.indexOf(name);
    if (feature === -1) {
      throw new ArtifactError(
        `The blend has a weight for "${name}", which this code does not know; known are ${BLEND_FEATURES.join(', ')}: deploy the newer code, or roll back to an older run.`,
      );
    }
    if (seen.has(name) || !Number.isFinite(weight)) {
      const fault = seen.has(name) ? 'two weights' : `the weight ${weight}`;
      throw new ArtifactError(`The blend has ${fault} for "${name}": train a new run, or roll back to an older one.`);
    }
    seen.add(name);
    weights[feature] = weight;
  }
  return weights;
}
