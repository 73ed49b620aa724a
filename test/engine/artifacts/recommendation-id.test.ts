import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecommendationId, encodeRecommendationId } from '../../../engine/artifacts/recommendation-id.ts';

const ORIGIN = { runId: '20261123T172854137Z-d4c4e13d', strategy: 'blend', placement: 'pdp-similar', arm: 'b' };
const ID = encodeRecommendationId('q7Yw0_xkT-eWm2Zc', ORIGIN);

test('an id can be taken apart by anyone who reads its description', () => {
  const [format, unique, run, strategy, placement, arm, checksum] = ID.split('.');
  expect([format, unique, run, strategy, placement, arm]).toEqual([
    'r1',
    'q7Yw0_xkT-eWm2Zc',
    '20261123T172854137Z-d4c4e13d',
    'blend',
    'pdp-similar',
    'b',
  ]);
  // By another implementation: python3 -c 'import zlib; print(zlib.crc32(b"r1.….b"))'
  expect(Number.parseInt(checksum, 36)).toBe(586_540_285);
});

test('it is short enough for a parameter of Google Analytics, which cuts at 100 characters', () => {
  expect(ID.length).toBeLessThanOrEqual(100);
});

const part = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('a.b', '%41', '~2E', '50% off!', "'(*)'"),
);

test('whatever the names, they come back, and nothing of them has to be encoded in an address', () => {
  const origin = fc.record(
    { runId: part, strategy: part, placement: part, arm: part },
    { requiredKeys: ['runId', 'strategy'] },
  );
  fc.assert(
    fc.property(part, origin, (unique, from) => {
      const id = encodeRecommendationId(unique, from);
      expect(id).toMatch(/^[\w.~-]+$/);
      expect(encodeURIComponent(id)).toBe(id);
      expect(decodeRecommendationId(id)).toEqual({ unique, ...from });
    }),
  );
});

describe('what is no whole id of ours is told apart', () => {
  test('one with a character changed, left out or moved', () => {
    fc.assert(
      fc.property(fc.nat(ID.length - 1), fc.constantFrom('a', 'Z', '0', '.', '~'), (at, character) => {
        const changed = ID.slice(0, at) + character + ID.slice(at + 1);
        if (changed !== ID) expect(decodeRecommendationId(changed)).toBeUndefined();
        expect(decodeRecommendationId(ID.slice(0, at))).toBeUndefined();
      }),
    );
  });

  test('the beginning of one with the end of another', () => {
    const other = encodeRecommendationId('AAAABBBBCCCCDDDD', { ...ORIGIN, strategy: 'markov' });
    const parts = other.split('.');
    for (let cut = 2; cut < parts.length; cut++) {
      expect(decodeRecommendationId([...ID.split('.').slice(0, cut), ...parts.slice(cut)].join('.'))).toBeUndefined();
    }
  });

  test.each([
    '',
    '.',
    'id-1',
    '0fa9ef57-9d2c-4d6a-9a52-5d8c3d6ad3b1',
    'r1......',
    'r2.a.b.c.d.e.f',
    `${ID} `,
    ID.toUpperCase(),
  ])('%j', (text) => {
    expect(decodeRecommendationId(text)).toBeUndefined();
  });
});
