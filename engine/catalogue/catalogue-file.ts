import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  type Container,
  decodeContainer,
  encodeContainer,
  hasSection,
  type Section,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { decodeStrings, type EncodedStrings, encodeStrings } from '../artifacts/encoded-strings.ts';
import { allBelow, isPartition } from '../artifacts/section-checks.ts';
import { ArtifactError } from '../errors.ts';
import { Bitset } from '../numeric/bitset.ts';
import type { FeedPatch } from './apply-patch.ts';
import { type Catalogue, type FacetField, type Field, newCatalogue, type TextField } from './catalogue.ts';

const KIND = 'catalogue';
/** 1: texts as they are. */
const VERSION = 2;
const UNSAID = 'unsaid';

interface FieldHeader {
  name: string;
  type: Field['type'];
  isPath?: boolean;
  /** Of a text, before it was compressed. */
  byteLength?: number;
}

/** `catalogue.bin`: meta `{version, fields: [{name, type, isPath?}]}`, and the sections of field f begin with `f.`. */
export function encodeCatalogue(catalogue: Catalogue): Uint8Array {
  return encode(catalogue, {});
}

/** `feed.bin` of a delta: the products that it changes as in `catalogue.bin`, and the ids of those that it deletes. */
export function encodePatch({ upserts, unsaid, deletedIds }: FeedPatch): Uint8Array {
  const ids = encodeStrings(deletedIds);
  const marks = [...upserts.fields.keys()].flatMap((name, f) => {
    const rows = unsaid.get(name);
    return rows === undefined ? [] : [[`${f}.${UNSAID}`, rows.words] as const];
  });
  return encode(upserts, { deletedIds: ids.bytes, deletedIdOffsets: ids.offsets, ...Object.fromEntries(marks) });
}

function encode({ version, size, encodedIds: ids, fields }: Catalogue, more: Record<string, Section>): Uint8Array {
  const headers: FieldHeader[] = [...fields].map(([name, field]) => ({
    name,
    type: field.type,
    ...(field.type === 'facet' && { isPath: field.isPath }),
    ...(field.type === 'text' && { byteLength: field.offsets[size] }),
  }));
  return encodeContainer({
    kind: KIND,
    kindVersion: VERSION,
    meta: { version, fields: headers },
    sections: Object.assign(
      { productIds: ids.bytes, productIdOffsets: ids.offsets, ...more },
      ...[...fields.values()].map((field, f) => sectionsOf(field, `${f}.`)),
    ),
  });
}

/**
 * Texts and names are taken out of the file when they are first looked at.
 *
 * @param wanted the version that the file must be of. @throws ArtifactError when it is torn, of another version, newer than
 * this code, or contradicts itself.
 */
export function decodeCatalogue(file: Uint8Array, wanted?: string): Catalogue {
  return decode(decodeContainer(file, KIND, VERSION), wanted);
}

/** `decodeCatalogue`, looked at as a whole: what is wrong with a text or a name shows now and not when it is asked for. */
export function decodeWholeCatalogue(file: Uint8Array, wanted?: string): Catalogue {
  const catalogue = decodeCatalogue(file, wanted);
  for (const field of catalogue.fields.values()) {
    if (field.type === 'text') void field.bytes;
    else if (field.type === 'facet') void field.values;
  }
  return catalogue;
}

/** `decodeCatalogue` of a delta. A file of a full feed deletes nothing. */
export function decodePatch(file: Uint8Array, wanted?: string): FeedPatch {
  const container = decodeContainer(file, KIND, VERSION);
  const deletedIds = hasSection(container, 'deletedIds')
    ? decodeStrings(
        sectionOf(container, 'deletedIds', Uint8Array),
        sectionOf(container, 'deletedIdOffsets', Uint32Array),
      )
    : [];
  const upserts = decode(container, wanted);
  const unsaid = new Map<string, Bitset>();
  for (const [f, name] of Array.from(upserts.fields.keys()).entries()) {
    if (!hasSection(container, `${f}.${UNSAID}`)) continue;
    const words = sectionOf(container, `${f}.${UNSAID}`, Uint32Array);
    if (words.length !== Math.ceil(upserts.size / 32))
      throw contradiction(`field ${name}: it has another number of rows`);
    unsaid.set(name, new Bitset(upserts.size, words));
  }
  return { upserts, unsaid, deletedIds };
}

function decode(container: Container, wanted: string | undefined): Catalogue {
  const ids = {
    bytes: sectionOf(container, 'productIds', Uint8Array),
    offsets: sectionOf(container, 'productIdOffsets', Uint32Array),
  };
  const size = ids.offsets.length - 1;
  const { version, fields } = container.meta as { version: string; fields: FieldHeader[] };
  if (wanted !== undefined && version !== wanted) {
    throw new ArtifactError(`The catalogue file is of ${version}, not of ${wanted}: load the feed again.`);
  }
  if (!isPartition(ids.offsets, size, ids.bytes.length)) throw contradiction('the product ids do not fit together');
  const decoded = fields.map(({ name, type, isPath = false, byteLength = 0 }, f): [string, Field] => {
    const section = <T extends Section>(part: string, kind: { new (length: number): T; readonly name: string }) =>
      sectionOf(container, `${f}.${part}`, kind);
    if (type === 'number') return [name, { type, values: section('values', Float64Array) }];
    const offsets = section('offsets', Uint32Array);
    if (type === 'text') {
      if (container.kindVersion === 1) return [name, { type, offsets, bytes: section('bytes', Uint8Array) }];
      if (!isPartition(offsets, size, byteLength)) throw contradiction(`field ${name}: its rows do not fit together`);
      return [name, storedText(name, offsets, section('zstd', Uint8Array), byteLength)];
    }
    const values = { bytes: section('values', Uint8Array), offsets: section('valueOffsets', Uint32Array) };
    return [name, storedFacet(isPath, values, offsets, section('codes', Uint32Array))];
  });
  for (const [name, field] of decoded) {
    // To look into a text would decompress it.
    if (compressedTexts.has(field)) continue;
    const fault = faultIn(field, size);
    if (fault !== undefined) throw contradiction(`field ${name}: ${fault}`);
  }
  return newCatalogue(version, ids, new Map(decoded));
}

/**
 * Titles and addresses are most of a catalogue, and alike: compressed, they are a fraction of it. A change of a few prices
 * reads and writes them as they lie in the file.
 */
const compressedTexts = new WeakMap<Field, Uint8Array>();

function compress(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Of facets, as they lie in the file. */
const encodedValues = new WeakMap<Field, EncodedStrings>();

/** A facet whose names become strings when they are first looked at. */
function storedFacet(isPath: boolean, encoded: EncodedStrings, offsets: Uint32Array, codes: Uint32Array): FacetField {
  let values: string[] | undefined;
  const field: FacetField = {
    type: 'facet',
    isPath,
    get values() {
      values ??= decodeStrings(encoded.bytes, encoded.offsets);
      return values;
    },
    offsets,
    codes,
  };
  encodedValues.set(field, encoded);
  return field;
}

/** A text that is decompressed when it is first looked at. */
function storedText(name: string, offsets: Uint32Array, compressed: Uint8Array, byteLength: number): TextField {
  let bytes: Uint8Array | undefined;
  const field: TextField = {
    type: 'text',
    offsets,
    get bytes() {
      bytes ??= decompress(name, compressed, byteLength);
      return bytes;
    },
  };
  compressedTexts.set(field, compressed);
  return field;
}

function decompress(name: string, compressed: Uint8Array, byteLength: number): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = zstdDecompressSync(compressed, { maxOutputLength: Math.max(1, byteLength) });
  } catch {
    // Said below.
  }
  if (bytes?.length === byteLength) return bytes;
  throw contradiction(`field ${name}: its text is not of ${byteLength} bytes`);
}

function contradiction(what: string): ArtifactError {
  return new ArtifactError(`The catalogue file contradicts itself (${what}): load the feed again.`);
}

function sectionsOf(field: Field, prefix: string): Record<string, Section> {
  if (field.type === 'number') return { [`${prefix}values`]: field.values };
  const offsets = { [`${prefix}offsets`]: field.offsets };
  if (field.type === 'text')
    return { ...offsets, [`${prefix}zstd`]: compressedTexts.get(field) ?? compress(field.bytes) };
  const values = encodedValues.get(field) ?? encodeStrings(field.values);
  return {
    ...offsets,
    [`${prefix}codes`]: field.codes,
    [`${prefix}values`]: values.bytes,
    [`${prefix}valueOffsets`]: values.offsets,
  };
}

/** @returns what is wrong, or undefined. */
function faultIn(field: Field, rows: number): string | undefined {
  if (field.type === 'number') return field.values.length === rows ? undefined : 'it has another number of rows';
  const { offsets } = field;
  const length = field.type === 'text' ? field.bytes.length : field.codes.length;
  if (!isPartition(offsets, rows, length)) return 'its rows do not fit together';
  if (field.type === 'text') return undefined;
  const { bytes, offsets: valueOffsets } = encodedValues.get(field)!;
  if (!isPartition(valueOffsets, valueOffsets.length - 1, bytes.length)) return 'its values do not fit together';
  return allBelow(field.codes, valueOffsets.length - 1) ? undefined : 'a value is not there';
}
