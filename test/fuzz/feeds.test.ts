import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCatalogue } from '../../engine/catalogue/catalogue-file.ts';
import { catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { InputError } from '../../engine/errors.ts';
import { loadFeed } from '../../lambdas/catalogue/load-feed.ts';
import { readCataloguePointer } from '../../lambdas/shared/catalogue/current-catalogue.ts';
import { MemoryArtifactStore } from '../support/memory-artifact-store.ts';

/**
 * Made-up feeds: whatever a shop sends is loaded with every row accounted for, or refused as its own fault, and what was live
 * stays whole.
 */
const RUNS = 400;

const HOSTILE = [
  ...['', ' ', 'null', 'NaN', '007', '1207.0', '12,90 €', '1.299,00', '-1', '1e309', 'in stock', 'SOLD OUT', '0'],
  ...[
    'javascript:alert(1)',
    'https://x.example/a b',
    'a > b>>c',
    '"',
    '""',
    "'; DROP TABLE rejected_rows; --",
    '[1,2]',
    '{"a":1}',
  ],
  ...['<b>', ']]>', '&amp;', '&nope;', '\u0000', '\ufeffx', '\u2028', '👟'.repeat(40), 'x'.repeat(5_000), '__proto__'],
];
const cell = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 12 }), fc.double().map(String));
const column = fc.constantFrom(
  'title',
  'price',
  'sale_price',
  'availability',
  'link',
  'image_link',
  'product_type',
  'g:Brand',
  'color',
  'place',
  'line',
  'constructor',
  'description',
  'action',
);
const table = fc.uniqueArray(column, { maxLength: 6 }).chain((columns) => {
  const width = columns.length + 1;
  return fc.record({
    columns: fc.constant(['id', ...columns]),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 25 }),
  });
});
type Table = { columns: readonly string[]; rows: string[][] };

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const isXml = (text: string) => /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);

const FORMATS: Record<string, (table: Table) => string> = {
  csv: ({ columns, rows }) => [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\n'),
  tsv: ({ columns, rows }) => [columns, ...rows].map((row) => row.map(quoted).join('\t')).join('\r\n'),
  raw: ({ columns, rows }) => [columns, ...rows].map((row) => row.join(';')).join('\n'),
  jsonl: ({ columns, rows }) =>
    rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, row[i]])))).join('\n'),
  xml: ({ columns, rows }) =>
    `<rss><channel>${rows.map((row) => `<item>${columns.map((name, i) => `<${name.replace(' ', '_')}>${isXml(row[i]) ? escaped(row[i]) : ''}</${name.replace(' ', '_')}>`).join('')}</item>`).join('\n')}</channel></rss>`,
};

const damage = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.option(fc.integer({ min: 0, max: 255 })),
    }),
  },
);

/** Cut off there, or one byte changed. */
function damaged(bytes: Buffer, where: { at: number; byte: number | null } | undefined): Buffer {
  if (where === undefined) return bytes;
  const at = Math.floor(where.at * bytes.length);
  if (where.byte === null) return bytes.subarray(0, at);
  const changed = Buffer.from(bytes);
  changed[Math.min(at, changed.length - 1)] = where.byte;
  return changed;
}

test(`${RUNS} made-up feeds: every row is accounted for, or the feed is refused as a fault of its own`, async () => {
  const outcomes = { loaded: 0, refused: 0, faults: 0 };
  let store = new MemoryArtifactStore();
  let count = 0;
  const load = (name: string, body: Buffer, kind: 'full' | 'delta') => {
    count++;
    const source = {
      name,
      id: String(count),
      uploadedAt: new Date(count * 1_000).toISOString(),
      sizeBytes: body.length,
      download: (path: string) => writeFile(path, body),
    };
    const newVersion = () => `2${String(count).padStart(6, '0')}`;
    return loadFeed({ store, now: () => '2026-11-26T11:00:00.000Z', newVersion }, source, { kind });
  };
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(...Object.keys(FORMATS)),
      fc.boolean(),
      fc.constantFrom('full' as const, 'delta' as const),
      damage,
      async (feed, format, isPacked, kind, where) => {
        store = new MemoryArtifactStore();
        await load('base', Buffer.from('id,title,price\nbase,B,1\n'), 'full');
        const text = Buffer.from(FORMATS[format](feed));
        const body = damaged(isPacked ? gzipSync(text) : text, where);
        try {
          const record = await load(`feed.${format}`, body, kind);
          const { rows, rejectedRows } = record!.counts;
          if (where === undefined && format !== 'raw') expect(rows + rejectedRows).toBe(feed.rows.length);
          outcomes[record!.outcome === 'live' ? 'loaded' : 'refused']++;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          outcomes.faults++;
        }
        const { version } = (await readCataloguePointer(store))!;
        const { productIds, rowOf } = decodeCatalogue(
          (await store.get(catalogueKey(version, 'catalogue')))!.bytes,
          version,
        );
        expect(rowOf.size).toBe(productIds.length);
        for (const id of productIds) expect(id).toBe(id.trim());
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
  console.log(`feeds: ${JSON.stringify(outcomes)}`);
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
}, 600_000);
