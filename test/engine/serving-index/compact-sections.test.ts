import { expect, test } from 'vitest';
import type { ArrivingContainer, Section } from '../../../engine/artifacts/binary-container.ts';
import { OWN_SPACE } from '../../../engine/numeric/array-space.ts';
import {
  compactPairs,
  compactPastSessions,
  readCompactPairs,
  readCompactPastSessions,
} from '../../../engine/serving-index/compact-sections.ts';

const PRODUCTS = 200_000;

const containerOf = (sections: Record<string, Section>, meta: Record<string, unknown> = {}): ArrivingContainer => ({
  kind: 'serving-index',
  kindVersion: 3,
  meta,
  sections,
  endOf: () => 0,
  check() {},
});

function returned<T>(steps: Generator<number, T, void>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

test('pairs of 200,000 products keep their numbers, in blocks of 65,536', () => {
  const offsets = new Uint32Array(PRODUCTS + 1).fill(5, 2).fill(7, PRODUCTS);
  const pairs = {
    offsets,
    // The row of product 1, then that of the last product.
    products: Uint32Array.of(0, 65_535, 65_536, 131_072, 199_999, 3, 196_608),
    next: Float32Array.of(1, 0, 0, 2, 0, 0, 0.1),
    following: Float32Array.of(1, 0.5, 0, 2, 0, 0, 0.25),
    together: Float32Array.of(1, 1, 1, 3, 1, 70_000, 1),
    nearby: Float32Array.of(0.5, 0.25, 0.125, 2, 1, 4, 8),
  };
  const { sections, meta } = compactPairs(pairs);
  // Four blocks a product: product 1 has two pairs in the first, one in each of the next two, one in the last.
  expect([...sections['pairBlocks'].slice(4, 10)]).toEqual([0, 2, 3, 4, 5, 5]);
  expect([...sections['pairProductsLow']]).toEqual([0, 65_535, 0, 0, 3_391, 3, 0]);
  expect(returned(readCompactPairs(containerOf(sections, meta), PRODUCTS, OWN_SPACE))).toEqual(pairs);
});

test('past sessions beyond 65,536 products and 16 million views keep their numbers', () => {
  const past = {
    offsets: Uint32Array.of(0, 2, 3),
    views: Uint32Array.of(0, 199_999, 65_536),
    sessionOf: Uint32Array.of(0, 0, 1),
    recency: Float32Array.of(0.5, 1),
    occurrenceOffsets: new Uint32Array(PRODUCTS + 1).fill(1, 1).fill(2, 65_537).fill(3, PRODUCTS),
    occurrences: Uint32Array.of(0, 2, 1),
    inverseFrequency: new Float32Array(PRODUCTS),
    weights: Float32Array.of(1, 5, 3),
  };
  const sections = compactPastSessions(past);
  expect(Object.keys(sections)).toContain('sessionViewsHigh');
  expect(Object.keys(sections)).not.toContain('occurrencesHigh');
  expect(returned(readCompactPastSessions(containerOf(sections), PRODUCTS, OWN_SPACE))).toEqual(past);
  const cut = { ...sections, sessionWeightsCodes: Uint8Array.of(0, 1) };
  expect(() => returned(readCompactPastSessions(containerOf(cut), PRODUCTS, OWN_SPACE))).toThrow(
    'the weights of past views are cut',
  );
});
