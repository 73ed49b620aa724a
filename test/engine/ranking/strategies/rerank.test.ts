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
