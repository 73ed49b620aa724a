import { expect, test } from 'vitest';
import { Bitset } from '../../../engine/numeric/bitset.ts';
import { ScoreBoard } from '../../../engine/numeric/score-board.ts';

const LIST = Uint32Array.of(3, 1, 1, 3, 2, 0);

test('addOnceEach adds to each product of the part once a call, by its first weight', () => {
  const board = new ScoreBoard(4);
  board.addOnceEach(LIST, 0, 5, 2, undefined);
  board.addOnceEach(LIST, 1, 4, 10, Float32Array.of(9, 3, 7, 0.5, 9, 9));
  expect([...board.products.subarray(0, board.size)]).toEqual([3, 1, 2]);
  expect([0, 1, 2, 3].map((product) => board.scoreOf(product))).toEqual([0, 2 + 30, 2, 2 + 5]);
});

test('addOnceEach leaves out what is not admitted, and has forgotten nothing of it afterwards', () => {
  const board = new ScoreBoard(4);
  board.admitted = new Bitset(4);
  board.admitted.add(1);
  board.addOnceEach(LIST, 0, 6, 1, undefined);
  expect([...board.products.subarray(0, board.size)]).toEqual([1]);
  board.clear();
  board.admitted = undefined;
  board.addOnceEach(LIST, 0, 6, 1, undefined);
  expect([0, 1, 2, 3].map((product) => board.scoreOf(product))).toEqual([1, 1, 1, 1]);
});
