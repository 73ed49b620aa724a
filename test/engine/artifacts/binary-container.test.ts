import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Container,
  decodeContainer,
  encodeContainer,
  type Section,
  sectionOf,
} from '../../../engine/artifacts/binary-container.ts';
import { ArtifactError } from '../../../engine/errors.ts';

const ARRAYS = [Float32Array, Float64Array, Int32Array, Uint32Array, Uint16Array, Uint8Array, Int8Array] as const;

const section = fc
  .tuple(fc.constantFrom(...ARRAYS), fc.uint8Array({ maxLength: 12 }))
  .map(([ArrayType, bytes]): Section => {
    const whole = bytes.length - (bytes.length % ArrayType.BYTES_PER_ELEMENT);
    return new ArrayType(bytes.slice(0, whole).buffer);
  });

const container: fc.Arbitrary<Container> = fc.record({
  kind: fc.constant('example'),
  kindVersion: fc.nat(3),
  meta: fc.dictionary(fc.string(), fc.jsonValue()).map((meta) => JSON.parse(JSON.stringify(meta))),
  sections: fc.dictionary(fc.stringMatching(/^[a-zA-Zé]{1,8}$/), section, { maxKeys: 4 }),
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Section) => Buffer.from(buffer, byteOffset, byteLength);

/** Bytes rather than numbers: NaN has many. */
function comparable({ sections, ...rest }: Container) {
  return {
    ...rest,
    sections: Object.entries(sections).map(([name, data]) => [
      name,
      data.constructor.name,
      bytesOf(data).toString('hex'),
    ]),
  };
}

const small: Container = {
  kind: 'example',
  kindVersion: 1,
  meta: { dimensions: 2 },
  sections: { vectors: Float32Array.of(1, -2, 3), flags: Uint8Array.of(7), none: new Uint32Array(0) },
};

describe('a container', () => {
  it('comes back as it went in, from a buffer at any alignment', () => {
    fc.assert(
      fc.property(container, fc.nat(20), (given, shift) => {
        const file = encodeContainer(given);
        const shifted = Buffer.concat([Buffer.alloc(shift), file]).subarray(shift);
        expect(comparable(decodeContainer(shifted, 'example', 3))).toEqual(comparable(given));
      }),
    );
  });

  it('always gives the same bytes', () => {
    fc.assert(
      fc.property(container, (given) => {
        expect(Buffer.from(encodeContainer(given)).equals(encodeContainer(given))).toBe(true);
      }),
    );
  });

  it('keeps every section at a multiple of 16 and its views free of copies', () => {
    const file = encodeContainer(small);
    const { sections } = decodeContainer(file, 'example', 1);
    for (const data of Object.values(sections)) {
      expect(data.byteOffset % 16).toBe(0);
      expect(data.buffer).toBe(file.buffer);
    }
    // The layout as documented: magic, version, length of the header, header.
    expect(Buffer.from(file.subarray(0, 8)).toString('latin1')).toBe('ALIKE\r\n\x1a');
    const view = new DataView(file.buffer);
    expect(view.getUint32(8, true)).toBe(1);
    const header = JSON.parse(Buffer.from(file.subarray(16, 16 + view.getUint32(12, true))).toString());
    expect(header).toMatchObject({ kind: 'example', kindVersion: 1, meta: { dimensions: 2 } });
    expect(view.getFloat32(header.sections[0].offset + 4, true)).toBe(-2);
  });

  it('keeps a section that is a view on part of a buffer', () => {
    const part = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
    const { sections } = decodeContainer(encodeContainer({ ...small, sections: { part } }), 'example', 1);
    expect(Array.from(sections['part'])).toEqual([1, 2]);
  });
});

describe('a damaged file is refused with an ArtifactError', () => {
  const decode = (file: Uint8Array) => decodeContainer(file, 'example', 3);
  /** Padding between sections carries nothing: a change there is the only one that need not be seen. */
  const isSameOrRefused = (file: Uint8Array, given: Container) => {
    try {
      expect(comparable(decode(file))).toEqual(comparable(given));
    } catch (error) {
      expect(error).toBeInstanceOf(ArtifactError);
    }
  };

  it('cut off anywhere', () => {
    const file = encodeContainer(small);
    for (let length = 0; length < file.length; length++) {
      expect(() => decode(file.subarray(0, length))).toThrow(ArtifactError);
    }
  });

  it('longer than it was', () => {
    expect(() => decode(Buffer.concat([encodeContainer(small), Buffer.alloc(16)]))).toThrow(/torn/);
  });

  it('with any bit flipped', () => {
    const file = encodeContainer(small);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = file.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      isSameOrRefused(flipped, small);
    }
  });

  it('with any piece overwritten', () => {
    fc.assert(
      fc.property(container, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 40 }), (given, at, noise) => {
        const file = encodeContainer(given);
        file.set(noise.subarray(0, file.length - (at % file.length)), at % file.length);
        isSameOrRefused(file, given);
      }),
      { numRuns: 2000 },
    );
  });

  it('of nothing but noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => decode(noise)).toThrow(ArtifactError);
      }),
    );
    expect(() => decode(new Uint8Array(0))).toThrow('found an empty file');
    expect(() => decode(Buffer.from('PAR1 and more than twenty bytes'))).toThrow('starts with 50 41 52 31');
  });
});

it('a header keeps its bytes: a byte order mark before it or what is not UTF-8 is a torn header', () => {
  for (const change of [
    [0xef, 0xbb, 0xbf, 0x7b],
    [0x7b, 0x22, 0xff],
  ]) {
    const file = encodeContainer(small);
    file.set(change, 16);
    expect(() => decodeContainer(file, 'example', 1)).toThrow('its header is not readable');
  }
  const { meta } = decodeContainer(encodeContainer({ ...small, meta: { id: '\ufeffA' } }), 'example', 1);
  expect(meta).toEqual({ id: '\ufeffA' });
});

describe('a file that this code cannot read names the fix', () => {
  it('a newer version of its kind', () => {
    const newer = encodeContainer({ ...small, kindVersion: 4 });
    expect(() => decodeContainer(newer, 'example', 3)).toThrow(
      'The example file has version 4; this code reads up to 3: deploy the newer code, or roll back to an older run.',
    );
  });

  it('a newer layout', () => {
    const newer = encodeContainer(small);
    new DataView(newer.buffer).setUint32(8, 2, true);
    expect(() => decodeContainer(newer, 'example', 1)).toThrow(/layout version 2.*roll back/);
  });

  it('another kind, a section that is not there, or of another type', () => {
    const file = encodeContainer(small);
    expect(() => decodeContainer(file, 'corpus', 1)).toThrow('Expected an Alike corpus file but found a example file.');
    const decoded = decodeContainer(file, 'example', 1);
    expect(() => sectionOf(decoded, 'offsets', Uint32Array)).toThrow('no section "offsets" of Uint32Array');
    expect(() => sectionOf(decoded, 'vectors', Uint32Array)).toThrow('it has vectors, flags, none');
    expect(Array.from(sectionOf(decoded, 'vectors', Float32Array))).toEqual([1, -2, 3]);
  });
});
