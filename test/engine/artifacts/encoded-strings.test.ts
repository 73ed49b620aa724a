import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeStrings, encodeStrings } from '../../../engine/artifacts/encoded-strings.ts';

it('strings come back, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (strings) => {
      const wellFormed = strings.map((text) => text.toWellFormed());
      const { bytes, offsets } = encodeStrings(wellFormed);
      expect(decodeStrings(bytes, offsets)).toEqual(wellFormed);
    }),
  );
  const { bytes, offsets } = encodeStrings(['\ufeffA', '', 'é', '👟']);
  expect(Array.from(offsets)).toEqual([0, 4, 4, 6, 10]);
  expect(decodeStrings(bytes, offsets)).toEqual(['\ufeffA', '', 'é', '👟']);
});
