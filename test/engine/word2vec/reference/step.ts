/**
 * The oracle of the kernel in `engine/kernels/word2vec.ts`: the same in plain TypeScript, and itself checked against finite
 * differences. One step of stochastic gradient descent on Word2Vec's negative-sampling loss (Mikolov et al. 2013, eq. 4):
 *
 *     loss = −log σ(h · u_centre) − Σ_n log σ(−h · u_n)
 *
 * h  input: skip-gram, one context's vector; CBOW, the mean (or sum) of the contexts' vectors
 * u  a row of `contextVectors`
 *
 * As in gensim, skip-gram predicts the centre from each context, a negative equal to the centre is skipped, and so is
 * a product h · u outside (−6, 6). As in the kernel, the errors of six targets are measured before any of them moves.
 */
export interface Word2VecModel {
  dimensions: number;
  /** (vocabularySize, dimensions), row-major. */
  vectors: Float32Array;
  /** (vocabularySize, dimensions), row-major. */
  contextVectors: Float32Array;
}

/** Buffers of a step, made once. */
export interface StepScratch {
  /** (dimensions) h, of CBOW. */
  input: Float32Array;
  /** (dimensions) what the step adds to the input: −learningRate · ∂loss/∂h. */
  inputChange: Float32Array;
  /** (1 + negative) rows of `contextVectors`: the centre, then the negatives. */
  targets: Uint32Array;
}

export function createScratch(dimensions: number, negative: number): StepScratch {
  return {
    input: new Float32Array(dimensions),
    inputChange: new Float32Array(dimensions),
    targets: new Uint32Array(1 + negative),
  };
}

const LARGEST_PRODUCT = 6;

/** @param scratch `targets` holds the centre, then the negatives. */
export function skipGramStep(model: Word2VecModel, context: number, learningRate: number, scratch: StepScratch): void {
  const { dimensions, vectors } = model;
  const start = context * dimensions;
  trainTargets(model, vectors, start, learningRate, scratch);
  for (let d = 0; d < dimensions; d++) vectors[start + d] += scratch.inputChange[d];
}

/**
 * As in gensim, whose gradients are those of the loss up to a factor: each context gets the whole change of the mean,
 * or, with `cbowMean` 0, the change of the sum divided by the number of contexts.
 *
 * @param views the contexts are `views[from … to)`, without position `centre` when it is among them: at least one.
 * @param scratch `targets` holds the centre, then the negatives.
 */
export function cbowStep(
  model: Word2VecModel,
  views: Uint32Array,
  from: number,
  to: number,
  centre: number,
  cbowMean: 0 | 1,
  learningRate: number,
  scratch: StepScratch,
): void {
  const { dimensions, vectors } = model;
  const { input, inputChange } = scratch;
  const contextCount = to - from - (from <= centre && centre < to ? 1 : 0);
  const share = 1 / contextCount;

  input.fill(0);
  for (let i = from; i < to; i++) {
    if (i === centre) continue;
    const start = views[i] * dimensions;
    for (let d = 0; d < dimensions; d++) input[d] += vectors[start + d];
  }
  if (cbowMean) for (let d = 0; d < dimensions; d++) input[d] *= share;

  trainTargets(model, input, 0, learningRate, scratch);

  if (!cbowMean) for (let d = 0; d < dimensions; d++) inputChange[d] *= share;
  for (let i = from; i < to; i++) {
    if (i === centre) continue;
    const start = views[i] * dimensions;
    for (let d = 0; d < dimensions; d++) vectors[start + d] += inputChange[d];
  }
}

const TARGETS_AT_ONCE = 6;

/** Moves the targets and leaves in `inputChange` what is to be added to the input h = input[start … start + dimensions). */
function trainTargets(
  { dimensions, contextVectors }: Word2VecModel,
  input: Float32Array,
  start: number,
  learningRate: number,
  { targets, inputChange }: StepScratch,
): void {
  const errorOf = (t: number) => {
    if (t > 0 && targets[t] === targets[0]) return 0;
    const row = targets[t] * dimensions;
    let product = 0;
    for (let d = 0; d < dimensions; d++) product += input[start + d] * contextVectors[row + d];
    const label = t === 0 ? 1 : 0;
    return Math.abs(product) < LARGEST_PRODUCT ? learningRate * (label - 1 / (1 + Math.exp(-product))) : 0;
  };

  inputChange.fill(0);
  for (let first = 0; first < targets.length; first += TARGETS_AT_ONCE) {
    const together = Array.from(targets.subarray(first, first + TARGETS_AT_ONCE), (_, i) => first + i);
    const errors = together.map(errorOf);
    together.forEach((t, i) => {
      const row = targets[t] * dimensions;
      for (let d = 0; d < dimensions; d++) {
        inputChange[d] += errors[i] * contextVectors[row + d];
        contextVectors[row + d] += errors[i] * input[start + d];
      }
    });
  }
}
