import {
  type Container,
  decodeContainer,
  decodeStrings,
  encodeContainer,
  encodeStrings,
  hasSection,
  type Section,
  sectionOf,
} from '../artifacts/binary-container.ts';
import { allBelow, isPartition } from '../artifacts/section-checks.ts';
import { ArtifactError } from '../errors.ts';
import type { FeedPatch } from './apply-patch.ts';
import { type Catalogue, type Field, newCatalogue } from './catalogue.ts';

const KIND = 'catalogue';
const VERSION = 1;

interface FieldHeader {
  name: string;
  type: Field['type'];
  isPath?: boolean;
}

/** `catalogue.bin`: meta `{version, fields: [{name, type, isPath?}]}`, and the sections of field f begin with `f.`. */
export function encodeCatalogue(catalogue: Catalogue): Uint8Array {
  return encode(catalogue, {});
}

/** `feed.bin` of a delta: the products that it changes as in `catalogue.bin`, and the ids of those that it deletes. */
export function encodePatch({ upserts, deletedIds }: FeedPatch): Uint8Array {
  const ids = encodeStrings(deletedIds);
  return encode(upserts, { deletedIds: ids.bytes, deletedIdOffsets: ids.offsets });
}

function encode({ version, encodedIds: ids, fields }: Catalogue, more: Record<string, Section>): Uint8Array {
  const headers: FieldHeader[] = [...fields].map(([name, field]) => ({
    name,
    type: field.type,
    ...(field.type === 'facet' && { isPath: field.isPath }),
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
 * @param wanted the version that the file must be of. @throws ArtifactError when it is torn, of another version, newer than
 * this code, or contradicts itself.
 */
export function decodeCatalogue(file: Uint8Array, wanted?: string): Catalogue {
  return decode(decodeContainer(file, KIND, VERSION), wanted);
}

/** The same of a delta. A file of a full feed deletes nothing. */
export function decodePatch(file: Uint8Array, wanted?: string): FeedPatch {
  const container = decodeContainer(file, KIND, VERSION);
  const deletedIds = hasSection(container, 'deletedIds')
    ? decodeStrings(
        sectionOf(container, 'deletedIds', Uint8Array),
        sectionOf(container, 'deletedIdOffsets', Uint32Array),
      )
    : [];
  return { upserts: decode(container, wanted), deletedIds };
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
  const decoded = fields.map(({ name, type, isPath = false }, f): [string, Field] => {
    const section = <T extends Section>(part: string, kind: { new (length: number): T; readonly name: string }) =>
      sectionOf(container, `${f}.${part}`, kind);
    if (type === 'number') return [name, { type, values: section('values', Float64Array) }];
    const offsets = section('offsets', Uint32Array);
    if (type === 'text') return [name, { type, offsets, bytes: section('bytes', Uint8Array) }];
    const values = decodeStrings(section('values', Uint8Array), section('valueOffsets', Uint32Array));
    return [name, { type, isPath, values, offsets, codes: section('codes', Uint32Array) }];
  });
  for (const [name, field] of decoded) {
    const fault = faultIn(field, size);
    if (fault !== undefined) throw contradiction(`field ${name}: ${fault}`);
  }
  return newCatalogue(version, ids, new Map(decoded));
}

function contradiction(what: string): ArtifactError {
  return new ArtifactError(`The catalogue file contradicts itself (${what}): load the feed again.`);
}

function sectionsOf(field: Field, prefix: string): Record<string, Section> {
  if (field.type === 'number') return { [`${prefix}values`]: field.values };
  const offsets = { [`${prefix}offsets`]: field.offsets };
  if (field.type === 'text') return { ...offsets, [`${prefix}bytes`]: field.bytes };
  const values = encodeStrings(field.values);
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
  return field.type === 'facet' && !allBelow(field.codes, field.values.length) ? 'a value is not there' : undefined;
}
