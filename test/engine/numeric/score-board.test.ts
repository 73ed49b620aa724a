import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitset } from '../../../engine/numeric/bitset.ts';
import { ScoreBoard } from '../../../engine/numeric/score-board.ts';

/** Products and scores in the order they came. */
const entriesOf = (board: ScoreBoard) =>
  [...board.products.subarray(0, board.size)].map((product, place) => [product, board.values[place]]);

test('holds what a map of the same additions holds', () => {
  const PRODUCTS = 9;
  const product = fc.integer({ min: 0, max: PRODUCTS - 1 });
  const score = fc.integer({ min: -5, max: 5 });
  const step = fc.oneof(
    fc.record({ add: product, score }),
    fc.record({ multiples: fc.uniqueArray(product), factor: score }),
    fc.record({ clear: fc.option(fc.uniqueArray(product), { nil: undefined }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const board = new ScoreBoard(PRODUCTS);
      const scores = new Map<number, number>();
      const add = (to: number, by: number) => {
        if (board.admitted?.has(to) !== false) scores.set(to, (scores.get(to) ?? 0) + by);
      };
      for (const done of steps) {
        if ('add' in done) {
          board.add(done.add, done.score);
          add(done.add, done.score);
        } else if ('multiples' in done) {
          const { multiples, factor } = done;
          const scores = Float32Array.from(multiples, (_, i) => (i % 2) * i);
          board.addMultiples(Uint32Array.from(multiples), scores, 0, multiples.length, factor);
          for (const [i, to] of multiples.entries()) if (scores[i] > 0) add(to, factor * scores[i]);
        } else {
          board.clear();
          scores.clear();
          board.admitted = done.clear && new Bitset(PRODUCTS);
          for (const to of done.clear ?? []) board.admitted!.add(to);
        }
        expect(entriesOf(board)).toEqual([...scores]);
        for (let p = 0; p < PRODUCTS; p++) expect(board.scoreOf(p)).toBe(scores.get(p) ?? 0);
      }
    }),
  );
});

test('setBest holds the best of what set holds, equal scores by lower product number', () => {
  const PRODUCTS = 40;
  const score = fc.integer({ min: -4, max: 4 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ score, isLeftOut: fc.boolean() }), { maxLength: PRODUCTS }),
      fc.integer({ min: 1, max: 50 }),
      fc.option(fc.uniqueArray(fc.integer({ min: 0, max: PRODUCTS - 1 })), { nil: undefined }),
      (products, most, admitted) => {
        const board = new ScoreBoard(PRODUCTS);
        board.add(7, 100);
        board.admitted = admitted && new Bitset(PRODUCTS);
        for (const product of admitted ?? []) board.admitted!.add(product);
        const scores = Float32Array.from(products, (product) => product.score);
        const isLeftOut = Uint8Array.from(products, (product) => Number(product.isLeftOut));
        board.setBest(scores, isLeftOut, most);
        const ranked = products
          .map((product, number) => ({ ...product, number }))
          .filter((product) => !product.isLeftOut && admitted?.includes(product.number) !== false)
          .sort((a, b) => b.score - a.score || a.number - b.number);
        const kept = most < products.length ? ranked.slice(0, most) : ranked;
        const inOrder = (entries: number[][]) => entries.toSorted((a, b) => a[0] - b[0]);
        expect(inOrder(entriesOf(board))).toEqual(inOrder(kept.map(({ number, score }) => [number, score])));
      },
    ),
  );
});

test('a board of several columns holds each one its scores, by the same places', () => {
  const board = new ScoreBoard(4, [new Float64Array(5), new Float64Array(5)]);
  board.add(2, 1);
  board.select(1);
  board.addMultiples(Uint32Array.of(3, 2, 1), Float32Array.of(1, 2, 0), 0, 3, 3);
  expect([...board.products.subarray(0, board.size)]).toEqual([2, 3]);
  expect(board.columns.map((scores) => [...scores.subarray(0, 3)])).toEqual([
    [1, 0, 0],
    [6, 3, 0],
  ]);
  expect([board.scoreOf(3), board.placeOf(3), board.placeOf(0), board.size]).toEqual([3, 1, 2, 3]);
  board.clear();
  board.select(0);
  board.add(3, 7);
  board.select(1);
  expect([board.scoreOf(3), board.columns[0][0]]).toEqual([0, 7]);
});

test('what is not admitted gets no place, and is forgotten with the board', () => {
  const board = new ScoreBoard(4);
  board.admitted = new Bitset(4);
  board.admitted.add(1);
  board.addMultiples(Uint32Array.of(3, 1, 2), Float32Array.of(1, 1, 1), 0, 3, 2);
  board.add(0, 1);
  expect(entriesOf(board)).toEqual([[1, 2]]);
  expect(board.placeOf(2)).toBe(-1);
  board.clear();
  board.admitted = undefined;
  board.addMultiples(Uint32Array.of(3, 1, 2), Float32Array.of(1, 1, 1), 0, 3, 2);
  expect(entriesOf(board)).toEqual([
    [3, 2],
    [1, 2],
    [2, 2],
  ]);
});
