import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../engine/errors.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { makeCatalogue } from '../../../scripts/sample/catalogue.ts';
import { CLICKSTREAM_HEADER, type ClickstreamSize, clickstream, SAMPLE } from '../../../scripts/sample/clickstream.ts';
import { writeClickstream } from '../../../scripts/sample/write-clickstream.ts';
import { bySession, parse, read, share } from './views.ts';

const csv = read(SAMPLE);
const views = parse(csv);
const sessions = bySession(views);

describe('the format is the e-shop file', () => {
  it('has its header, 14 whole numbers but for the product code, and CRLF lines', () => {
    expect(csv.startsWith(`${CLICKSTREAM_HEADER}\r\n`)).toBe(true);
    expect(CLICKSTREAM_HEADER.split(';')).toHaveLength(14);
    expect(csv.endsWith('\r\n')).toBe(true);
    const wrong = csv
      .split('\r\n')
      .slice(1, -1)
      .filter((line) => !/^2008(;\d+){6};[ABCP]\d+(;\d+){6}$/.test(line));
    expect(wrong).toEqual([]);
  });

  it('has its value ranges', () => {
    const [colours, locations, photos, prices, price2, pages] = [0, 1, 2, 3, 4, 5].map(
      (i) => new Set(views.map((view) => view.attributes[i])),
    );
    expect(Math.min(...colours)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...colours)).toBeLessThanOrEqual(14);
    expect([...locations].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...photos].sort()).toEqual([1, 2]);
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(18);
    expect(Math.max(...prices)).toBeLessThanOrEqual(82);
    expect([...price2].sort()).toEqual([1, 2]);
    expect([...pages].sort()).toEqual([1, 2, 3, 4, 5]);
    const countries = new Set(views.map((view) => view.country));
    expect(countries.size).toBeGreaterThan(30);
    expect(Math.min(...countries)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...countries)).toBeLessThanOrEqual(47);
  });

  it('gives a product the same category, price and other columns in every row', () => {
    const seen = new Map<string, string>();
    for (const { product, category, attributes } of views) {
      const columns = [category, ...attributes].join();
      expect(seen.get(product) ?? columns).toBe(columns);
      seen.set(product, columns);
    }
    expect(seen.size).toBe(217);
  });

  it('lays the products out as the e-shop does: 43 A, 33 B, 59 C and 82 P', () => {
    const counts: Record<string, number> = { A: 0, B: 0, C: 0, P: 0 };
    for (const product of new Set(views.map((view) => view.product))) counts[product[0]]++;
    expect(counts).toEqual({ A: 43, B: 33, C: 59, P: 82 });
    expect(views.every(({ product, category }) => 'ABCP'.indexOf(product[0]) + 1 === category)).toBe(true);
  });

  it('marks a price above the average of its category', () => {
    const products = [...new Map(views.map((view) => [view.product, view])).values()];
    for (const category of [1, 2, 3, 4]) {
      const own = products.filter((product) => product.category === category);
      const average = own.reduce((sum, { attributes }) => sum + attributes[3], 0) / own.length;
      for (const { attributes } of own) expect(attributes[4]).toBe(attributes[3] > average ? 1 : 2);
    }
  });
});

describe('sessions', () => {
  it('are contiguous, numbered in order of time, with views 1…n on one day from one country', () => {
    expect(sessions).toHaveLength(SAMPLE.sessions);
    expect(views.every((view, i) => i === 0 || view.session - views[i - 1].session <= 1)).toBe(true);
    expect(views.every((view, i) => i === 0 || view.date >= views[i - 1].date)).toBe(true);
    for (const session of sessions) {
      expect(session.map((view) => view.order)).toEqual(session.map((_, i) => i + 1));
      expect(new Set(session.map((view) => `${view.date} ${view.country}`)).size).toBe(1);
    }
    expect(views[0].date).toBe('2008-04-01');
    expect(views.at(-1)?.date).toBe('2008-08-13');
  });
});

it('has something to learn: products viewed near each other share their hidden style far above chance', () => {
  // GIVEN the styles that the generator planted and never wrote down
  const catalogue = makeCatalogue(SAMPLE.products, seededRandom(SAMPLE.seed));
  const numberOf = new Map(catalogue.codes.map((code, i) => [code, i]));
  const n = catalogue.codes.length;
  // WHEN views of different products at most two steps apart are counted, relative to both products' views
  const together = new Float64Array(n * n);
  const viewCounts = new Float64Array(n);
  for (const session of sessions) {
    const products = session.map(({ product }) => numberOf.get(product) as number);
    products.forEach((product, i) => {
      viewCounts[product]++;
      for (const other of products.slice(i + 1, i + 3)) {
        together[product * n + other]++;
        together[other * n + product]++;
      }
    });
  }
  const hits = catalogue.codes.map((_, product) => {
    const others = Array.from({ length: n }, (_, other) => other).filter((other) => other !== product);
    const lift = (other: number) => together[product * n + other] / viewCounts[other];
    const sameStyle = (other: number) => catalogue.styleOf[other] === catalogue.styleOf[product];
    return {
      neighbours: share(others.sort((a, b) => lift(b) - lift(a)).slice(0, 5), sameStyle),
      chance: share(others, sameStyle),
    };
  });
  // THEN most of a product's five nearest are of its style, where chance gives about one in twenty-seven
  const mean = (of: (hit: (typeof hits)[number]) => number) => hits.reduce((sum, hit) => sum + of(hit), 0) / n;
  expect(mean((hit) => hit.chance)).toBeLessThan(0.04);
  expect(mean((hit) => hit.neighbours)).toBeGreaterThan(0.6);
});

describe('seed and size', () => {
  const small = { sessions: 300, products: 50, seed: 7 };

  it('the same seed gives the same text, another seed another', () => {
    expect(read(small)).toBe(read(small));
    expect(read({ ...small, seed: 8 })).not.toBe(read(small));
  });

  it('one seed is one shop: more sessions come from the same catalogue', () => {
    const columns = (size: ClickstreamSize) =>
      new Map(parse(read(size)).map(({ product, attributes }) => [product, attributes.join()]));
    const more = columns({ ...small, sessions: 3000 });
    for (const [product, attributes] of columns(small)) expect(more.get(product)).toBe(attributes);
  });

  it.each([
    { sessions: 1, products: 4, seed: 0 },
    { sessions: 40, products: 5, seed: 0xffff_ffff },
    { sessions: 2_000, products: 20_000, seed: 3 },
  ])('$sessions sessions over $products products', (size) => {
    const own = parse(read(size));
    expect(bySession(own)).toHaveLength(size.sessions);
    const codes = new Set(makeCatalogue(size.products, seededRandom(size.seed)).codes);
    expect(codes.size).toBe(size.products);
    expect(own.every(({ product }) => codes.has(product))).toBe(true);
  });

  it('comes in pieces that end at a line end, none much larger than 64 KiB', () => {
    for (const chunk of clickstream(SAMPLE)) {
      expect(chunk.endsWith('\r\n')).toBe(true);
      expect(chunk.length).toBeLessThan(100_000);
    }
  });
});

describe('writeClickstream', () => {
  const directory = mkdtempSync(join(tmpdir(), 'alike-sample-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes the text, makes the folder and leaves nothing else in it', async () => {
    const path = join(directory, 'made', 'sample.csv');
    await writeClickstream(path, SAMPLE);
    const digest = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
    expect(digest(readFileSync(path))).toBe(digest(csv));
    expect(readdirSync(join(directory, 'made'))).toEqual(['sample.csv']);
  });

  it('leaves nothing behind when it cannot write', async () => {
    const refused = writeClickstream(directory, { sessions: 1, products: 4, seed: 1 });
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(`Cannot write ${directory}`);
    expect(readdirSync(directory)).toEqual(['made']);
  });
});
