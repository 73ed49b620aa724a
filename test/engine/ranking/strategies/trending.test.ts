import { expect, test } from 'vitest';
import { seededRandom } from '../../../../engine/numeric/random.ts';
import { explain } from '../../../../engine/ranking/explain.ts';
import { type RankRequest, rank } from '../../../../engine/ranking/rank.ts';
import { exampleIndex } from '../example-index.ts';

const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5];
const index = { ...exampleIndex(), trend: Float32Array.of(0.5, 0, 3, 3, 7, 0.25) };

function ask(changes: Partial<RankRequest> = {}, shop: typeof index | ReturnType<typeof exampleIndex> = index) {
  const request = {
    viewed: [e],
    count: 3,
    strategy: 'trending',
    excluded: new Set<number>(),
    excludeViewed: true,
  } as const;
  return rank(shop, { ...request, random: seededRandom(1), ...changes });
}

test('recommends what is viewed most of late, the same to everybody, but not what was viewed already', () => {
  expect(ask()).toEqual([
    { product: c, score: 3, source: 'trending' },
    { product: d, score: 3, source: 'trending' },
    { product: a, score: 0.5, source: 'trending' },
  ]);
  expect(ask({ viewed: [], count: 1 })).toEqual([{ product: e, score: 7, source: 'trending' }]);
});

test('excluded products leave as many others', () => {
  const products = ask({ excluded: new Set([c, d, a]) }).map(({ product, source }) => [product, source]);
  expect(products).toEqual([
    [f, 'trending'],
    [b, 'popular'],
  ]);
});

test('what nobody viewed of late is popular, not trending', () => {
  expect(ask({ count: 10 }).at(-1)).toMatchObject({ product: b, source: 'popular' });
});

test('in a model without times, or older than they are, recent views say it', () => {
  const older = { ...exampleIndex(), trend: undefined, recentViews: Float32Array.of(1, 2, 0, 0, 0, 3) };
  expect(ask({}, older).map(({ product, source }) => [product, source])).toEqual([
    [f, 'trending'],
    [b, 'trending'],
    [a, 'trending'],
  ]);
});

test('its explanation says so', () => {
  const why = explain(index, 'trending', { viewed: [e], random: seededRandom(1) }, ask());
  expect(why.map(({ evidence }) => evidence)).toEqual(Array(3).fill([{ from: 'trending', share: 1 }]));
});
