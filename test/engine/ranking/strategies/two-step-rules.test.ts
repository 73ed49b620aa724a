import { expect, test } from 'vitest';
import { Bitset } from '../../../../engine/numeric/bitset.ts';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { ScoreBoard } from '../../../../engine/numeric/score-board.ts';
import { twoStepRules } from '../../../../engine/ranking/strategies/two-step-rules.ts';
import type { ProductPairs } from '../../../../engine/serving-index/product-pairs.ts';
import { indexOf } from '../example-index.ts';

const PRODUCTS = 40;
const random = seededRandom(5);
const sessions = Array.from({ length: 120 }, () =>
  Array.from({ length: 4 }, () => Math.floor(random() ** 2 * PRODUCTS)),
);

function scoresOf(index: ReturnType<typeof indexOf>, viewed: number[], admitted?: Bitset): Map<number, number> {
  const board = new ScoreBoard(index.productIds.length);
  board.admitted = admitted;
  twoStepRules(index, { viewed, random, admitted }, board);
  return new Map(Array.from(board.products.subarray(0, board.size), (product) => [product, board.scoreOf(product)]));
}

/** (n, n) as a table. */
function nearbyTable({ offsets, products, nearby }: ProductPairs, n: number): number[][] {
  const table = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let a = 0; a < n; a++)
    for (let pair = offsets[a]; pair < offsets[a + 1]; pair++) table[a][products[pair]] = nearby[pair];
  return table;
}

test('reaches what was viewed with what was viewed with the product, and nothing further', () => {
  const [a, b, c, d] = [0, 1, 2, 3];
  const scores = scoresOf(
    indexOf(
      [
        [a, b],
        [b, c],
        [c, d],
      ],
      4,
    ),
    [a],
  );
  expect([...scores.keys()].toSorted()).toEqual([a, c]);
});

test('scores are those of two steps through the table of pairs, from the newest two by the best five of each', () => {
  const index = indexOf(sessions, PRODUCTS);
  const table = nearbyTable(index.pairs, PRODUCTS);
  for (const [viewed, starts] of [
    [[3], [3]],
    [
      [0, 1],
      [1, 0],
    ],
    [
      [7, 2, 7, 0],
      [0, 7],
    ],
  ]) {
    const expected = new Array<number>(PRODUCTS).fill(0);
    starts.forEach((start, step) => {
      const middles = [...table[start].keys()].sort((x, y) => table[start][y] - table[start][x] || x - y).slice(0, 5);
      for (const middle of middles) {
        const sum = table[middle].reduce((total, nearby) => total + nearby, 0);
        table[middle].forEach((nearby, product) => {
          expected[product] += (0.6 ** step * table[start][middle] * nearby) / sum;
        });
      }
    });
    const scores = scoresOf(index, viewed);
    expect(scores.size).toBe(expected.filter((score) => score > 0).length);
    for (const [product, score] of scores) expect(score).toBeCloseTo(expected[product], 6);
  }
});

test('a product that is not admitted is no answer, but may stand in between', () => {
  const [a, b, c] = [0, 1, 2];
  const admitted = new Bitset(3);
  admitted.add(c);
  expect([
    ...scoresOf(
      indexOf(
        [
          [a, b],
          [b, c],
        ],
        3,
      ),
      [a],
      admitted,
    ).keys(),
  ]).toEqual([c]);
});

test('has nothing to say of a session without products', () => {
  expect(scoresOf(indexOf(sessions, PRODUCTS), []).size).toBe(0);
});
