import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { decodeStrings, encodeStrings } from '../../../engine/artifacts/encoded-strings.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

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

it('many strings come back, whichever of them are ASCII', () => {
  // More than two blocks, with something else in the second one alone.
  const strings = Array.from({ length: 9_000 }, (_, i) => (i === 5_000 ? 'é' : i === 4_096 ? '' : `id ${i}`));
  const { bytes, offsets } = encodeStrings(strings);
  expect(decodeStrings(bytes, offsets)).toEqual(strings);
  expect(decodeStrings(new Uint8Array(0), new Uint32Array(1))).toEqual([]);
});

it('no text of all strings is made, which could be longer than a string can be', () => {
  const strings = Array.from({ length: 9_000 }, (_, i) => `${i}`.padStart(36, '0'));
  const { bytes, offsets } = encodeStrings(strings);
  const read = vi.spyOn(Buffer.prototype, 'toString');
  decodeStrings(bytes, offsets);
  const lengths = read.mock.results.map(({ value }) => (value as string).length);
  expect(lengths.length).toBeGreaterThan(0);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(4_096 * 36);
});
