import { describe, expect, test } from 'vitest';
import type { AliasTable } from '../../../engine/word2vec/alias-table.ts';
import { orderRows } from '../../../engine/word2vec/row-order.ts';

const ROW_BYTES = 128;
const weights = Float64Array.from({ length: 3_000 }, (_, product) => 1_000 / (product + 1) ** 0.75);
const order = orderRows(weights, 3, ROW_BYTES);

/** The chance of each slot, summed over the slots that lead to it. */
function chances({ thresholds, aliases }: AliasTable): number[] {
  const result = new Array<number>(aliases.length).fill(0);
  aliases.forEach((alias, slot) => {
    const own = thresholds[slot] / 0xffff_ffff;
    result[slot] += own / aliases.length;
    result[alias] += (1 - own) / aliases.length;
  });
  return result;
}

describe('three threads', () => {
  test('every product has a row of its own, and the most viewed have the first', () => {
    expect(Array.from(order.rowOf).sort((a, b) => a - b)).toEqual(Array.from(weights.keys()));
    expect(Array.from(order.rowOf.subarray(0, order.replicaCount))).toEqual([...Array(order.replicaCount).keys()]);
  });

  test('replicas fill 64 KiB of each matrix, the other rows belong to one of three parts of nearly equal weight', () => {
    expect(order.replicaCount).toBe(512);
    const { partOffsets } = order;
    expect([partOffsets[0], partOffsets[3], partOffsets.length]).toEqual([512, 3_000, 4]);
    const totals = [0, 0, 0];
    order.rowOf.forEach((row, product) => {
      if (row >= 512) totals[partOffsets.findLastIndex((first) => row >= first)] += weights[product];
    });
    expect(Math.max(...totals) / Math.min(...totals)).toBeLessThan(1.001);
  });

  test('over all parts, every product is drawn as often as its weight says', () => {
    const drawn = new Array<number>(weights.length).fill(0);
    order.negativeTables.forEach((table, part) => {
      chances(table).forEach((chance, slot) => {
        drawn[slot < 512 ? slot : order.partOffsets[part] + slot - 512] += chance / 3;
      });
    });

    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, product) => {
      expect(drawn[order.rowOf[product]] / (weight / total)).toBeCloseTo(1, 3);
    });
  });
});

test.each([
  ['one thread: no replicas', 1, weights, 0],
  ['three threads and few products: a replica of each', 3, weights.subarray(0, 1_000), 1_000],
])('%s; rows in the order of the products, one table of all', (_, workers, of, replicas) => {
  const { rowOf, replicaCount, partOffsets, negativeTables } = orderRows(of, workers, ROW_BYTES);

  expect(Array.from(rowOf)).toEqual([...of.keys()]);
  expect({ replicaCount, partOffsets: [...partOffsets] }).toEqual({
    replicaCount: replicas,
    partOffsets: [replicas, of.length],
  });
  const [table] = negativeTables;
  expect([negativeTables.length, table.aliases.length]).toEqual([1, of.length]);
  const total = of.reduce((sum, weight) => sum + weight, 0);
  chances(table).forEach((chance, slot) => {
    expect(chance / (of[slot] / total)).toBeCloseTo(1, 3);
  });
});
