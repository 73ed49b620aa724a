import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../lambdas/recommend/routes/table.ts';
import { clickstream, SAMPLE } from '../scripts/sample/clickstream.ts';
import { sampleFeed } from '../scripts/sample/feed.ts';
import { ApiFixture } from './support/api-fixture.ts';
import { publishCatalogue, SAMPLE_FEED } from './support/published-catalogue.ts';

/** What the pages name has to be there: a page that goes stale fails here. */
const ROOT = join(import.meta.dirname, '..');
const pages = [ROOT, join(ROOT, 'docs'), join(ROOT, '.github')].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const scripts = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts);

/** GitHub's anchors: lower case, punctuation gone, spaces to hyphens. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages.map((page) => [relative(ROOT, page), page]))('%s', (_, page) => {
  const text = readFileSync(page, 'utf8');

  it('links to pages and headings that are there', () => {
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].filter(([, path, anchor]) => {
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names npm scripts that are there', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it('names files and folders that are there', () => {
    const named = [...text.matchAll(/`((?:engine|lambdas|infra|scripts|test|docs)\/[\w./-]*)`/g)].map(
      ([, path]) => path,
    );
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe("the newcomer's tour", () => {
  const tour = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').match(/## A newcomer's tour\n[^#]*/)![0];
  const rows = [...tour.matchAll(/^\| (.+\?) \| `(.+\/)` \| (.+) \|$/gm)];

  it('answers ten questions with one folder each', () => {
    expect(rows).toHaveLength(10);
  });

  it.each(rows.map(([, question, folder, there]) => [question, folder, there]))('%s', (_, folder, there) => {
    const named = [...there.matchAll(/`([\w-]+(?:\.ts|\/))`/g)].map(([, name]) => name);
    expect(named.filter((name) => !existsSync(join(ROOT, folder, name)))).toEqual([]);
  });
});

describe("the README's sample shop", () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

  it('has the counts of the sample', async () => {
    const clicks = [...clickstream(SAMPLE)].join('').trimEnd().split('\n').length - 1;
    const products = [...sampleFeed(SAMPLE)].join('').trimEnd().split('\n').slice(1);
    const soldOut = products.filter((row) => row.includes(',out_of_stock,')).length;
    expect(readme).toContain(`Loaded a made-up catalogue: ${products.length} products, ${soldOut} of them sold out.\n`);
    expect(readme).toContain(`${clicks.toLocaleString('en')} rows, 0 rejected rows\n`);
  });

  it.each(['README.md', 'docs/api.md'])('answers as %s shows it', async (page) => {
    const api = await ApiFixture.published();
    await publishCatalogue(api.store, SAMPLE_FEED);
    const { json } = await api.get('/v1/products/P0/recommendations', 'count=2');
    const shown = readFileSync(join(ROOT, page), 'utf8').match(/```json\n(\{ "productId": "A13".+?)```/s)![1];
    const names = [...shown.matchAll(/"(\w+)":/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set([...Object.keys(json), ...Object.keys(json.items[0])]));
  });
});

it('the README has at most 200 lines', () => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

describe('docs/api.md', () => {
  const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
  const section = (title: string) => page.split(/^## /m).find((text) => text.startsWith(`${title}\n`))!;
  const named = (row: string, path: string) =>
    [...row.matchAll(/`(\/v1\/[^`]*)`/g)].some(([, name]) =>
      name.endsWith('…') ? path.startsWith(name.slice(0, -1)) : path === name,
    );

  it.each(ROUTES.filter(({ method }) => method === 'GET'))('says whether $path may be cached', ({ path, caching }) => {
    const rows = section('Caching').match(/^\| .*(max-age=30|no-store).*$/gm)!;
    const found = rows.filter((row) => named(row, path)).map((row) => row.includes('max-age'));
    expect(found).toEqual([caching !== undefined]);
  });

  it('says of each list with pages how long they are', () => {
    const rows = [...section('Pages').matchAll(/^\| `(.+)` \| 1 to ([\d,]+), otherwise ([\d,]+) \|$/gm)];
    const lists = ROUTES.flatMap(({ path, query }) => (query?.shape['cursor'] === undefined ? [] : [{ path, query }]));
    const numberIn = (text: string) => Number(text.replaceAll(',', ''));
    expect(rows.map(([, path]) => path.replace('{no}', '{clusterNo}')).sort()).toEqual(
      lists.map(({ path }) => path).sort(),
    );
    for (const [, path, most, otherwise] of rows) {
      const { query } = lists.find((list) => list.path === path.replace('{no}', '{clusterNo}'))!;
      const limitOf = (limit?: number) =>
        query.safeParse({ ...(limit !== undefined && { limit: `${limit}` }) }).data?.['limit'];
      const found = [limitOf(), limitOf(numberIn(most)), limitOf(numberIn(most) + 1)];
      expect([path, ...found]).toEqual([path, numberIn(otherwise), numberIn(most), undefined]);
    }
  });
});
