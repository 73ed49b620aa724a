import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { cbowStep, createScratch, skipGramStep, type Word2VecModel } from './step.ts';

const DIMENSIONS = 5;
const PRODUCTS = 7;
const LEARNING_RATE = 1e-2;

function randomModel(): Word2VecModel {
  const random = seededRandom(3);
  const uniform = () => Float32Array.from({ length: PRODUCTS * DIMENSIONS }, () => random() * 2 - 1);
  return { dimensions: DIMENSIONS, vectors: uniform(), contextVectors: uniform() };
}

const rowsOf = (flat: ArrayLike<number>, row: number) =>
  Array.from({ length: DIMENSIONS }, (_, d) => flat[row * DIMENSIONS + d]);

/** Written out from Mikolov et al. 2013, eq. 4, in float64 and apart from the code under test. */
function loss(input: number[], contextVectors: ArrayLike<number>, centre: number, negatives: number[]): number {
  const product = (row: number) => input.reduce((sum, x, d) => sum + x * rowsOf(contextVectors, row)[d], 0);
  const minusLogSigma = (x: number) => Math.log1p(Math.exp(-x));
  return negatives
    .filter((n) => n !== centre)
    .reduce((sum, n) => sum + minusLogSigma(-product(n)), minusLogSigma(product(centre)));
}

/** Central differences of `f` at `x`, one coordinate at a time. */
function gradient(f: (x: Float64Array) => number, x: Float32Array): number[] {
  const h = 1e-5;
  return Array.from(x, (_, i) => {
    const up = Float64Array.from(x);
    const down = Float64Array.from(x);
    up[i] += h;
    down[i] -= h;
    return (f(up) - f(down)) / (2 * h);
  });
}

/** What the step added, in units of −learning rate: comparable with the gradient. */
function descent(before: Float32Array, after: Float32Array): number[] {
  return Array.from(before, (value, i) => (value - after[i]) / LEARNING_RATE);
}

function expectClose(actual: number[], expected: number[]) {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 4);
  });
}

const copyOf = (model: Word2VecModel): Word2VecModel => structuredClone(model);

function scratchWith(centre: number, negatives: number[]) {
  const scratch = createScratch(DIMENSIONS, negatives.length);
  scratch.targets.set([centre, ...negatives]);
  return scratch;
}

describe('skip-gram', () => {
  test.each([
    ['different negatives', [1, 2, 4]],
    ['a negative equal to the centre, which is skipped', [1, 0, 4]],
    ['a negative equal to the context', [3, 5, 6]],
  ])('the step is the gradient of the loss by finite differences: %s', (_, negatives) => {
    const [centre, context] = [0, 3];
    const before = randomModel();
    const after = copyOf(before);

    skipGramStep(after, context, LEARNING_RATE, scratchWith(centre, negatives));

    const { vectors, contextVectors } = before;
    expectClose(
      descent(vectors, after.vectors),
      gradient((v) => loss(rowsOf(v, context), contextVectors, centre, negatives), vectors),
    );
    expectClose(
      descent(contextVectors, after.contextVectors),
      gradient((u) => loss(rowsOf(vectors, context), u, centre, negatives), contextVectors),
    );
  });

  test('a product outside (−6, 6) moves nothing, as in gensim', () => {
    const model: Word2VecModel = {
      dimensions: 1,
      vectors: Float32Array.of(2),
      contextVectors: Float32Array.of(-3, 3.5, 2.9),
    };
    const scratch = createScratch(1, 2);
    scratch.targets.set([0, 1, 2]);

    skipGramStep(model, 0, 0.1, scratch);

    const error = 0.1 * -(1 / (1 + Math.exp(-5.8)));
    expect(model.contextVectors[0]).toBe(-3);
    expect(model.contextVectors[1]).toBe(3.5);
    expect(model.contextVectors[2]).toBeCloseTo(2.9 + error * 2, 5);
    expect(model.vectors[0]).toBeCloseTo(2 + error * 2.9, 5);
  });
});

describe('CBOW', () => {
  const views = Uint32Array.of(6, 2, 0, 5, 3);
  const [from, to, centreAt] = [1, 5, 2];
  const contexts = [2, 5, 3];
  const negatives = [1, 4, 6];

  const inputOf = (v: ArrayLike<number>, share: number) =>
    contexts.reduce((sum, row) => rowsOf(v, row).map((x, d) => sum[d] + share * x), new Array(DIMENSIONS).fill(0));

  // gensim gives each context the whole change of the mean (3 × its gradient) and a third of the change of the sum.
  test.each([
    ['mean', 1, 1 / 3, 3],
    ['sum', 0, 1, 1 / 3],
  ] as const)('the step is the gradient of the loss by finite differences: %s', (_, cbowMean, share, gensimFactor) => {
    const before = randomModel();
    const after = copyOf(before);

    cbowStep(after, views, from, to, centreAt, cbowMean, LEARNING_RATE, scratchWith(views[centreAt], negatives));

    const { vectors, contextVectors } = before;
    expectClose(
      descent(vectors, after.vectors),
      gradient((v) => loss(inputOf(v, share), contextVectors, views[centreAt], negatives), vectors).map(
        (g) => g * gensimFactor,
      ),
    );
    expectClose(
      descent(contextVectors, after.contextVectors),
      gradient((u) => loss(inputOf(vectors, share), u, views[centreAt], negatives), contextVectors),
    );
  });
});
