import fc from 'fast-check';
import { ByteWriter } from 'hyparquet-writer';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { expect, it } from 'vitest';
import { bitWidthOf, encodeRuns } from '../../../engine/artifacts/run-lengths.ts';

it('packs numbers as hyparquet-writer does', () => {
  const run = fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
      const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
      const bitWidth = bitWidthOf(201);
      const writer = new ByteWriter();
      writeRleBitPackedHybrid(writer, values, bitWidth);
      expect(encodeRuns(values, bitWidth)).toEqual(writer.getBytes());
    }),
  );
});

it.each([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
  [256, 8],
  [257, 9],
])('needs for %i numbers %i bits', (count, bits) => {
  expect(bitWidthOf(count)).toBe(bits);
});
