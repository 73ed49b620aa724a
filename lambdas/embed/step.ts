/**
 * One step of stochastic gradient descent on Word2Vec's negative-sampling loss (Mikolov et al. 2013, eq. 4):
 *
 *     loss = −log σ(h · u_centre) − Σ_n log σ(−h · u_n)
 *
 * h  input: skip-gram, one context's vector; CBOW, the mean (or sum) of the contexts' vectors
 * u  a row of `contextVectors`
 *
 * As in gensim, skip-gram predicts the centre from each context, a negative equal to the centre is skipped, and so is
 * a product h · u outside (−6, 6). Unlike gensim, σ is exact rather than a table of 1,000 values (its error is up to
 * 0.0015), and a negative drawn twice in a step has both errors measured before either update.
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
  /** (1 + negative) learningRate · (label − σ(h · u)) of each target. */
  errors: Float32Array;
}

export function createScratch(dimensions: number, negative: number): StepScratch {
  return {
    input: new Float32Array(dimensions),
    inputChange: new Float32Array(dimensions),
    targets: new Uint32Array(1 + negative),
    errors: new Float32Array(1 + negative),
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
 * @param views the contexts are `views[from … to)` without position `centre`: at least one.
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
  const share = 1 / (to - from - 1);

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

/** Moves the targets and leaves in `inputChange` what is to be added to the input h = input[start … start + dimensions). */
function trainTargets(
  { dimensions, contextVectors }: Word2VecModel,
  input: Float32Array,
  start: number,
  learningRate: number,
  { targets, errors, inputChange }: StepScratch,
): void {
  const centre = targets[0];
  for (let t = 0; t < targets.length; t++) {
    errors[t] = 0;
    if (t > 0 && targets[t] === centre) continue;
    const row = targets[t] * dimensions;
    let product = 0;
    for (let d = 0; d < dimensions; d++) product += input[start + d] * contextVectors[row + d];
    if (product <= -LARGEST_PRODUCT || product >= LARGEST_PRODUCT) continue;
    const label = t === 0 ? 1 : 0;
    errors[t] = learningRate * (label - 1 / (1 + Math.exp(-product)));
  }

  inputChange.fill(0);
  for (let t = 0; t < targets.length; t++) {
    const error = errors[t];
    if (error === 0) continue;
    const row = targets[t] * dimensions;
    for (let d = 0; d < dimensions; d++) {
      inputChange[d] += error * contextVectors[row + d];
      contextVectors[row + d] += error * input[start + d];
    }
  }
}
