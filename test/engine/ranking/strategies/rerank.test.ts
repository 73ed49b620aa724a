import { expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { RERANKED } from '../../../../engine/ranking/reranker-kernel.ts';
import { blendLogits } from '../../../../engine/ranking/strategies/blend.ts';
import { blendCandidates } from '../../../../engine/ranking/strategies/blend-features.ts';
import { correctionsByInputs } from '../../../../engine/ranking/strategies/rerank.ts';
import { CANDIDATE_INPUTS, RERANKER_INPUTS, rerankerByName } from '../../../../engine/serving-index/reranker.ts';
import { walkingIndex } from '../walking-index.ts';

const index = walkingIndex(300);
const viewed = [5, 9, 5, 17];
const query = { viewed, random: seededRandom(1) };

/** One unit has these weights, the other says nothing. */
function networkOf(weights: Record<string, number>, bias: number, output: number) {
  const inputs = Object.keys(weights);
  const silent = [...inputs.map(() => 0), 0, 0];
  return rerankerByName({ inputs, units: [[...Object.values(weights), bias, output], silent] });
}

const without = blendLogits(index, viewed, blendCandidates(index, query)).slice();
const { size, products } = blendCandidates(index, query);
const places = Array.from({ length: size }, (_, place) => place).sort((a, b) => without[b] - without[a]);

test('the best 64 are corrected by what is known of them and of the session', () => {
  // 17 is the newest, 5 the one before it, 9 the third: recency 1, 1/2, 1/3. Four views of three products.
  const reranker = networkOf({ 'recency in the session': 3, 'log views of the session': 1 }, -2, 0.5);
  const logits = blendLogits({ ...index, reranker }, viewed, blendCandidates(index, query));
  const recency = new Map([
    [17, 1],
    [5, 1 / 2],
    [9, 1 / 3],
  ]);
  for (const place of places.slice(0, RERANKED)) {
    const sum = 3 * (recency.get(products[place]) ?? 0) + Math.log(4) - 2;
    expect(logits[place]).toBeCloseTo(without[place] + 0.5 * Math.max(0, sum), 4);
  }
});

/** What the network is told of each of the best candidates under this name. */
function inputOf(name: string, session: readonly number[]): Map<number, number> {
  const asked = blendCandidates(index, { ...query, viewed: session });
  const plain = blendLogits(index, session, asked).slice();
  const order = Array.from({ length: asked.size }, (_, place) => place).sort((a, b) => plain[b] - plain[a]);
  const reranker = networkOf({ [name]: 1 }, 20, 1);
  const corrected = blendLogits({ ...index, reranker }, session, blendCandidates(index, { ...query, viewed: session }));
  return new Map(
    order.slice(0, RERANKED).map((place) => [asked.products[place], corrected[place] - plain[place] - 20]),
  );
}

function plainCosine(a: number, b: number): number {
  const row = (product: number) => [...index.vectors.subarray(2 * product, 2 * product + 2)];
  const [x, y] = [row(a), row(b)];
  return (x[0] * y[0] + x[1] * y[1]) / (Math.hypot(...x) * Math.hypot(...y));
}

test.each([
  ['log share of session-rules of the second newest product', 5],
  ['log share of session-rules of the third newest product', 9],
])('%s', (name, product) => {
  const { offsets, products: others, nearby } = index.pairs;
  const row = Array.from(others.subarray(offsets[product], offsets[product + 1]));
  const scores = nearby.subarray(offsets[product], offsets[product + 1]);
  const sum = scores.reduce((total, score) => total + score, 0);
  const inputs = inputOf(name, viewed);
  const found = [...inputs].filter(([candidate]) => row.includes(candidate));
  expect(found.length).toBeGreaterThan(5);
  expect(found.length).toBeLessThan(inputs.size);
  for (const [candidate, value] of inputs) {
    const share = row.includes(candidate) ? scores[row.indexOf(candidate)] / sum : 0;
    expect(value).toBeCloseTo(Math.log(share + 1e-4) - Math.log(1e-4), 4);
  }
  for (const value of inputOf(name, [17]).values()) expect(value).toBeCloseTo(0, 4);
});

test('cosines with the second newest product, and the highest with another one of the session', () => {
  for (const [candidate, value] of inputOf('cosine with the second newest product', viewed)) {
    expect(value).toBeCloseTo(plainCosine(candidate, 5), 4);
  }
  const highest = inputOf('highest cosine with another product of the session', viewed);
  for (const [candidate, value] of highest) {
    const others = [17, 5, 9].filter((product) => product !== candidate);
    expect(value).toBeCloseTo(Math.max(...others.map((product) => plainCosine(candidate, product))), 4);
  }
  expect([17, 5, 9].some((product) => highest.has(product))).toBe(true);
});

test('of the session, how alike its newest two products are and how sure the blend is', () => {
  const best = places.slice(0, RERANKED).map((place) => Math.exp(without[place]));
  const sum = best.reduce((total, value) => total + value, 0);
  const probabilities = best.map((value) => value / sum);
  const entropy = -probabilities.reduce((total, p) => total + p * Math.log(p), 0);
  for (const [name, expected] of [
    ['cosine of the two newest products', plainCosine(17, 5)],
    ['entropy of the blend', entropy],
    ['highest probability of the blend', Math.max(...probabilities)],
  ] as const) {
    for (const value of inputOf(name, viewed).values()) expect(value).toBeCloseTo(expected, 4);
  }
});

test('the others stay behind them, as far from each other as they were', () => {
  expect(size).toBeGreaterThan(RERANKED + 10);
  const reranker = networkOf({ 'log views': 1 }, 0, -3);
  const logits = blendLogits({ ...index, reranker }, viewed, blendCandidates(index, query));
  const lowest = Math.min(...places.slice(0, RERANKED).map((place) => logits[place]));
  const others = places.slice(RERANKED);
  for (const [i, place] of others.entries()) {
    expect(logits[place]).toBeLessThanOrEqual(lowest);
    expect(logits[place] - logits[others[0]]).toBeCloseTo(without[place] - without[others[0]], 4);
    if (i > 0) expect(logits[place]).toBeLessThanOrEqual(logits[others[i - 1]]);
  }
});

test('a network that says nothing changes nothing', () => {
  const reranker = networkOf({ cosine: 0 }, 0, 0);
  const logits = blendLogits({ ...index, reranker }, viewed, blendCandidates(index, query));
  for (let place = 0; place < size; place++) expect(logits[place]).toBeCloseTo(without[place], 4);
  expect(RERANKER_INPUTS).toContain('cosine');
});

test('a correction is owed to the inputs that it is more by than with their mean', () => {
  // Never silent, so the correction is 0.5 (3 recency + 1): of it, 1.5 (recency − mean recency).
  const reranker = networkOf({ 'recency in the session': 3 }, 1, 0.5);
  const groups = [[CANDIDATE_INPUTS.indexOf('recency in the session')], [CANDIDATE_INPUTS.indexOf('cosine')]];
  const candidates = blendCandidates(index, query);
  const [byRecency, byCosine] = correctionsByInputs({ ...index, reranker }, viewed, candidates, without, groups);
  const recency = new Map([
    [17, 1],
    [5, 1 / 2],
    [9, 1 / 3],
  ]);
  const best = places.slice(0, RERANKED);
  expect(best.map((place) => products[place])).toEqual(expect.arrayContaining([...recency.keys()]));
  const mean = (1 + 1 / 2 + 1 / 3) / RERANKED;
  for (const place of best) {
    expect(byRecency[place]).toBeCloseTo(1.5 * ((recency.get(products[place]) ?? 0) - mean), 4);
  }
  for (const place of places.slice(RERANKED)) expect(byRecency[place]).toBe(0);
  expect([...byCosine].every((owed) => owed === 0)).toBe(true);
});
