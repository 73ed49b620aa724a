import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FeedEntry, type Lineage, placeFeed } from '../../../engine/catalogue/lineage.ts';

const entry = (id: string, minute: number): FeedEntry => ({
  version: `v-${id}`,
  id,
  uploadedAt: `2026-11-26T10:${String(minute).padStart(2, '0')}:00.000Z`,
});
const [full, delta1, delta2] = [entry('f', 10), entry('d1', 20), entry('d2', 30)];
const live: Lineage = { base: full, deltas: [delta1, delta2] };

test('a full feed begins anew and keeps the deltas that were uploaded after it', () => {
  expect(placeFeed(live, 'full', entry('g', 40))).toEqual({
    kind: 'next',
    lineage: { base: entry('g', 40), deltas: [] },
  });
  const between = entry('g', 25);
  expect(placeFeed(live, 'full', between)).toEqual({ kind: 'compose', lineage: { base: between, deltas: [delta2] } });
  expect(placeFeed(live, 'full', entry('g', 5))).toEqual({ kind: 'outdated', by: full });
});

test('a delta comes last, between others, or too late', () => {
  const last = entry('d3', 40);
  expect(placeFeed(live, 'delta', last)).toEqual({
    kind: 'next',
    lineage: { base: full, deltas: [delta1, delta2, last] },
  });
  const between = entry('d3', 25);
  expect(placeFeed(live, 'delta', between)).toEqual({
    kind: 'compose',
    lineage: { base: full, deltas: [delta1, between, delta2] },
  });
  expect(placeFeed(live, 'delta', entry('d3', 5))).toEqual({ kind: 'outdated', by: full });
  expect(placeFeed(undefined, 'delta', last)).toBeUndefined();
});

test('an upload is taken once', () => {
  for (const known of [full, delta1, delta2]) {
    expect(placeFeed(live, known === full ? 'full' : 'delta', { ...known, version: 'another' })).toEqual({
      kind: 'repeated',
    });
  }
});

test('whatever the order of arrival, and however often each arrives, the lineage is that of the order of upload', () => {
  const feeds = fc.uniqueArray(
    fc.record({ minute: fc.integer({ min: 1, max: 5 }), isFull: fc.boolean(), id: fc.string({ minLength: 1 }) }),
    {
      selector: ({ id }) => id,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(feeds, fc.array(fc.nat()), (others, order) => {
      const all = [{ minute: 0, isFull: true, id: 'first' }, ...others];
      const arrivals = [
        ...all
          .slice(1)
          .map((feed, i) => ({ feed, at: order[i] ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ feed }) => feed),
        ...all,
      ];
      let lineage: Lineage | undefined;
      for (const { minute, isFull, id } of [all[0], ...arrivals]) {
        const step = placeFeed(lineage, isFull ? 'full' : 'delta', entry(id, minute));
        if (step !== undefined && 'lineage' in step) lineage = step.lineage;
      }
      const sorted = [...all].sort((a, b) => a.minute - b.minute || (a.id < b.id ? -1 : 1));
      const base = sorted.findLastIndex(({ isFull }) => isFull);
      expect(lineage?.base.id).toBe(sorted[base].id);
      expect(lineage?.deltas.map(({ id }) => id)).toEqual(sorted.slice(base + 1).map(({ id }) => id));
    }),
  );
});
