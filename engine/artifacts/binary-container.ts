import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { ArtifactError } from '../errors.ts';

/**
 * The one binary file format of Alike: named, typed, checksummed sections.
 * `corpus.bin`, `vectors.bin` and the serving index `index.bin` are containers of different kinds.
 *
 * Layout, little-endian:
 *
 *     0   magic        8 bytes   "ALIKE" 0x0D 0x0A 0x1A (a text-mode copy breaks it visibly)
 *     8   version      uint32    of the container layout; newer ones are refused
 *     12  headerLength uint32    bytes of JSON that follow
 *     16  header       JSON      { kind, kindVersion, meta, sections: [{ name, type, offset, length, crc32 }] }
 *     …   sections               each 16-byte aligned; `offset` counts from the start of the file, `length` in elements
 *     end trailer      uint32    CRC-32 of everything before the first section (magic to padding)
 *
 * `docs/formats.md` describes it for another reader, and says when a version has to rise. Sections are found by their
 * names: a reader ignores those that it does not know, and an optional one may be missing.
 *
 * Sections are typed-array views on the file's own buffer: opening 200 000 × 64 vectors copies nothing.
 */
export type Section = Float32Array | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array | Int8Array;

export interface Container {
  kind: string;
  kindVersion: number;
  /** Small JSON values that belong to the whole file. */
  meta: Record<string, unknown>;
  sections: Record<string, Section>;
}

const MAGIC = Uint8Array.of(0x41, 0x4c, 0x49, 0x4b, 0x45, 0x0d, 0x0a, 0x1a);
const LAYOUT_VERSION = 1;
const ALIGNMENT = 16;
const PREAMBLE_BYTES = 16;
const TRAILER_BYTES = 4;
/** Keeps every byte: a byte order mark is not dropped, and what is not UTF-8 is refused. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const TYPES = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
  i8: Int8Array,
} as const;
type TypeName = keyof typeof TYPES;

const sectionHeaderSchema = z.object({
  name: z.string(),
  type: z.enum(Object.keys(TYPES) as TypeName[]),
  offset: z.int().min(PREAMBLE_BYTES).multipleOf(ALIGNMENT),
  length: z.int().min(0),
  crc32: z.int().min(0),
});
type SectionHeader = z.infer<typeof sectionHeaderSchema>;
const headerSchema = z.object({
  kind: z.string(),
  kindVersion: z.int().min(0),
  meta: z.custom<Record<string, unknown>>((meta) => typeof meta === 'object' && meta !== null),
  sections: z.array(sectionHeaderSchema),
});
type Header = z.infer<typeof headerSchema>;

/** The same container always gives the same bytes: sections in insertion order, no time, no padding noise. */
export function encodeContainer(container: Container): Uint8Array {
  const sections = Object.entries(container.sections).map(([name, data]) => ({
    name,
    data,
    bytes: bytesOf(data),
    crc32: crc32(bytesOf(data)),
  }));
  const describe = (offsets: number[]): Uint8Array => {
    const header: Header = {
      kind: container.kind,
      kindVersion: container.kindVersion,
      meta: container.meta,
      sections: sections.map(({ name, data, crc32 }, i) => ({
        name,
        type: typeNameOf(data),
        offset: offsets[i],
        length: data.length,
        crc32,
      })),
    };
    return new TextEncoder().encode(JSON.stringify(header));
  };

  // Offsets stand in the header and so change its length: room for the longest possible offsets is reserved.
  const longestOffset = Number.MAX_SAFE_INTEGER;
  const reservedHeaderBytes = describe(sections.map(() => longestOffset)).length;
  const offsets: number[] = [];
  let end = align(PREAMBLE_BYTES + reservedHeaderBytes);
  const sectionsStart = end;
  for (const { bytes } of sections) {
    offsets.push(end);
    end = align(end + bytes.length);
  }

  const file = new Uint8Array(end + TRAILER_BYTES);
  const view = new DataView(file.buffer);
  const header = describe(offsets);
  file.set(MAGIC, 0);
  view.setUint32(8, LAYOUT_VERSION, true);
  view.setUint32(12, header.length, true);
  file.set(header, PREAMBLE_BYTES);
  sections.forEach(({ bytes }, i) => {
    file.set(bytes, offsets[i]);
  });
  view.setUint32(end, crc32(file.subarray(0, sectionsStart)), true);
  return file;
}

/**
 * @param kind the kind that the caller expects, @param newestKindVersion the newest version of it that it understands.
 * @param runId the run that the file must be of, where it says one.
 * @throws ArtifactError when the file is torn, of another kind, of a newer version or of another run; the message names
 * the fix.
 */
export function decodeContainer(file: Uint8Array, kind: string, newestKindVersion: number, runId?: string): Container {
  const { check, endOf: _, ...container } = openContainer(file, kind, newestKindVersion, runId);
  check();
  return container;
}

/** A container of which only the header may have arrived: a section is checked when it is first asked for. */
export interface ArrivingContainer extends Container {
  /** How many bytes of the file the sections of these names need; those that are not there need none. */
  endOf(...names: string[]): number;
  /** Checks what was not asked for, when all of the file is there. @throws ArtifactError */
  check(): void;
}

/**
 * @yields how many bytes of the file must be there to go on. @param file aligned to 16 bytes, or all there.
 * @throws ArtifactError as `decodeContainer`
 */
export function* openArrivingContainer(
  ...[file, kind, newestKindVersion, runId]: Parameters<typeof decodeContainer>
): Generator<number, ArrivingContainer, void> {
  if (isAligned(file) && file.length > PREAMBLE_BYTES) {
    yield PREAMBLE_BYTES;
    yield Math.min(file.length, headerEndOf(file));
  } else yield file.length;
  return openContainer(file, kind, newestKindVersion, runId);
}

function openContainer(
  ...[file, kind, newestKindVersion, runId]: Parameters<typeof decodeContainer>
): ArrivingContainer {
  if (file.length < PREAMBLE_BYTES + TRAILER_BYTES || !MAGIC.every((byte, i) => file[i] === byte)) {
    throw new ArtifactError(
      `Expected an Alike ${kind} file but found ${describeStart(file)}: write it again by training a new run.`,
    );
  }
  // Views must be aligned; a Buffer from a pool usually is not.
  const aligned = isAligned(file) ? file : new Uint8Array(file);
  const layoutVersion = viewOf(aligned).getUint32(8, true);
  if (layoutVersion > LAYOUT_VERSION) {
    throw new ArtifactError(
      `The ${kind} file has layout version ${layoutVersion}; this code reads up to ${LAYOUT_VERSION}: deploy the newer code, or roll back to an older run.`,
    );
  }
  const header = readHeader(aligned, kind);
  if (header.kind !== kind) throw new ArtifactError(`Expected an Alike ${kind} file but found a ${header.kind} file.`);
  if (header.kindVersion > newestKindVersion) {
    throw new ArtifactError(
      `The ${kind} file has version ${header.kindVersion}; this code reads up to ${newestKindVersion}: deploy the newer code, or roll back to an older run.`,
    );
  }
  const foundRunId = header.meta['runId'];
  if (runId !== undefined && foundRunId !== undefined && foundRunId !== runId) {
    throw new ArtifactError(
      `The ${kind} file is of run ${foundRunId}, not of run ${runId}: it was copied to the wrong place; train a new run.`,
    );
  }
  const sections = Object.defineProperties({}, checkedWhenRead(aligned, header, kind)) as Record<string, Section>;
  return {
    kind,
    kindVersion: header.kindVersion,
    meta: header.meta,
    sections,
    endOf: (...names) => Math.max(0, ...header.sections.filter(({ name }) => names.includes(name)).map(endOf)),
    check() {
      checkHeader(aligned, header, kind);
      for (const { name } of header.sections) void sections[name];
    },
  };
}

function checkedWhenRead(file: Uint8Array, { sections }: Header, kind: string): PropertyDescriptorMap {
  const propertyOf = (header: SectionHeader): PropertyDescriptor => {
    let section: Section | undefined;
    return {
      enumerable: true,
      get() {
        section ??= readSection(file, header, kind);
        return section;
      },
    };
  };
  return Object.fromEntries(sections.map((header) => [header.name, propertyOf(header)]));
}

type SectionType<T extends Section> = { new (length: number): T; readonly name: string };

/** @throws ArtifactError when the container has no section of that name and element type. */
export function sectionOf<T extends Section>(container: Container, name: string, type: SectionType<T>): T {
  const section = container.sections[name];
  if (!(section instanceof type)) {
    throw new ArtifactError(
      `The ${container.kind} file has no section "${name}" of ${type.name}; it has ${Object.keys(container.sections).join(', ')}.`,
    );
  }
  return section;
}

/** Of an optional section, which has a defined absence: files that are older than it do not have it. */
export function hasSection(container: Container, name: string): boolean {
  return Object.hasOwn(container.sections, name);
}

/** The same as `sectionOf`. @throws ArtifactError when a value is NaN or infinite, too, which no answer survives. */
export function finiteSectionOf<T extends Float32Array | Float64Array>(
  container: Container,
  name: string,
  type: SectionType<T>,
): T {
  const section = sectionOf(container, name, type);
  // A function a value takes ten times as long, and a cold start waits for it.
  let position = 0;
  while (position < section.length && section[position] - section[position] === 0) position++;
  if (position === section.length) return section;
  throw new ArtifactError(
    `The ${container.kind} file has ${section[position]} at position ${position} of section "${name}", where only finite ` +
      'numbers make sense: train a new run, or roll back to an older one.',
  );
}

/** What a checksum cannot tell about a file that faulty code wrote. */
export function inconsistent({ kind }: Pick<Container, 'kind'>, what: string): ArtifactError {
  return new ArtifactError(`The ${kind} file contradicts itself (${what}): train a new run, or roll back to an older.`);
}

function torn(kind: string, what: string): ArtifactError {
  return new ArtifactError(`The ${kind} file is torn (${what}): it was cut or changed after writing; train a new run.`);
}

function readHeader(file: Uint8Array, kind: string): Header {
  const headerEnd = headerEndOf(file);
  if (headerEnd > file.length) throw torn(kind, 'it ends inside its header');
  let header: Header;
  try {
    header = headerSchema.parse(JSON.parse(UTF_8.decode(file.subarray(PREAMBLE_BYTES, headerEnd))));
  } catch {
    throw torn(kind, 'its header is not readable');
  }
  const length = trailerOf(file, header) + TRAILER_BYTES;
  if (file.length !== length) throw torn(kind, `${file.length} bytes instead of ${length}`);
  return header;
}

/** The header's own checksum stands at the end of the file. */
function checkHeader(file: Uint8Array, header: Header, kind: string): void {
  if (
    crc32(file.subarray(0, sectionsStartOf(file, header))) === viewOf(file).getUint32(trailerOf(file, header), true)
  ) {
    return;
  }
  throw torn(kind, 'its header has another checksum');
}

function headerEndOf(file: Uint8Array): number {
  return PREAMBLE_BYTES + viewOf(file).getUint32(12, true);
}

function sectionsStartOf(file: Uint8Array, { sections }: Header): number {
  return sections[0]?.offset ?? align(headerEndOf(file));
}

function trailerOf(file: Uint8Array, header: Header): number {
  return Math.max(sectionsStartOf(file, header), ...header.sections.map((section) => align(endOf(section))));
}

function viewOf(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.byteLength);
}

function isAligned(file: Uint8Array): boolean {
  return file.byteOffset % ALIGNMENT === 0;
}

function readSection(file: Uint8Array, header: SectionHeader, kind: string): Section {
  const ArrayType = TYPES[header.type];
  if (crc32(file.subarray(header.offset, endOf(header))) !== header.crc32) {
    throw new ArtifactError(
      `The ${kind} file is torn: section "${header.name}" has another checksum than when it was written; train a new run.`,
    );
  }
  return new ArrayType(file.buffer as ArrayBuffer, file.byteOffset + header.offset, header.length);
}

function endOf({ offset, length, type }: SectionHeader): number {
  return offset + length * TYPES[type].BYTES_PER_ELEMENT;
}

function bytesOf(section: Section): Uint8Array {
  return new Uint8Array(section.buffer, section.byteOffset, section.byteLength);
}

function typeNameOf(section: Section): TypeName {
  const name = (Object.keys(TYPES) as TypeName[]).find((key) => section instanceof TYPES[key]);
  if (name === undefined) throw new TypeError(`A section cannot be a ${section.constructor.name}.`);
  return name;
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function describeStart(file: Uint8Array): string {
  if (file.length === 0) return 'an empty file';
  const start = [...file.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `a file of ${file.length} bytes that starts with ${start}`;
}
