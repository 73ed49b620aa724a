import * as z from 'zod';
import { ArtifactError } from '../errors.ts';
import { BLEND_FEATURES } from './blend-weights.ts';

/** What the reranker looks at of a candidate, in this order. */
export const CANDIDATE_INPUTS: readonly string[] = [
  ...BLEND_FEATURES,
  'input × output vectors of the newest product',
  'cosine with the newest product',
  'recency in the session',
  'log share of session-rules of the second newest product',
  'log share of session-rules of the third newest product',
  'cosine with the second newest product',
  'highest cosine with another product of the session',
];

/** And of the session, the same for every candidate. */
export const SESSION_INPUTS: readonly string[] = [
  'log views of the session',
  'log different products of the session',
  'log views of the newest product',
  'share of repeats in the session',
  'newest product viewed twice running',
  'cosine of the two newest products',
  'entropy of the blend',
  'highest probability of the blend',
];

export const RERANKER_INPUTS: readonly string[] = [...CANDIDATE_INPUTS, ...SESSION_INPUTS];
/** Of a hidden unit: a weight for each input, the bias, and the weight of what comes out of it. */
export const UNIT_WIDTH = RERANKER_INPUTS.length + 2;

/**
 * A network with one hidden layer of rectified linear units, which corrects the blend's logits of its best candidates: to
 * that of a candidate with the inputs x it adds Σ_h o_h · max(0, b_h + w_h · x).
 */
export interface Reranker {
  /** (units, inputs + 2) row-major, an even number of units: w_h in the order of `RERANKER_INPUTS`, b_h, o_h. */
  readonly parameters: Float32Array;
}

/** As JSON, where every input has its name. */
export const namedRerankerSchema = z.object({
  inputs: z.array(z.string()),
  /** Of each hidden unit: its weights in the order of `inputs`, its bias, and the weight of what comes out of it. */
  units: z.array(z.array(z.number())),
});
export type NamedReranker = z.infer<typeof namedRerankerSchema>;

export function nameReranker({ parameters }: Reranker): NamedReranker {
  const units = Array.from({ length: parameters.length / UNIT_WIDTH }, (_, unit) => [
    ...parameters.subarray(unit * UNIT_WIDTH, (unit + 1) * UNIT_WIDTH),
  ]);
  return { inputs: [...RERANKER_INPUTS], units };
}

/**
 * Of this release or an older one. An input that is not named is newer than the network and has the weight 0.
 *
 * @throws ArtifactError when an input is unknown or stands twice, or the numbers are not those of such a network.
 */
export function rerankerByName({ inputs, units }: NamedReranker): Reranker {
  const places = inputs.map((name) => RERANKER_INPUTS.indexOf(name));
  const unknown = places.indexOf(-1);
  if (unknown !== -1) {
    throw new ArtifactError(
      `The reranker has an input "${inputs[unknown]}", which this code does not know; known are ${RERANKER_INPUTS.join(', ')}: deploy the newer code, or roll back to an older run.`,
    );
  }
  const isWhole = units.every((unit) => unit.length === inputs.length + 2 && unit.every(Number.isFinite));
  const isPaired = units.length > 0 && units.length % 2 === 0;
  if (new Set(inputs).size < inputs.length || !isPaired || !isWhole) {
    throw new ArtifactError(
      `The reranker is not an even number of units, each of ${inputs.length + 2} finite numbers with different inputs: train a new run, or roll back to an older one.`,
    );
  }
  const parameters = new Float32Array(units.length * UNIT_WIDTH);
  units.forEach((unit, h) => {
    places.forEach((place, i) => {
      parameters[h * UNIT_WIDTH + place] = unit[i];
    });
    parameters.set(unit.slice(inputs.length), (h + 1) * UNIT_WIDTH - 2);
  });
  return { parameters };
}
