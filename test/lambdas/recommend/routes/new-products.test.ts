import { beforeEach, describe, expect, test } from 'vitest';
import type { AttributeModel } from '../../../../engine/attributes/attribute-model.ts';
import { decodeServingIndex, encodeServingIndex } from '../../../../engine/serving-index/serving-index-file.ts';
import { CHECK_INTERVAL_MS } from '../../../../lambdas/recommend/model-cache.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { publishCatalogue } from '../../../support/published-catalogue.ts';
import { publish, SAMPLE_INDEX_FILE } from '../../../support/published-model.ts';
import { publishTestRules } from '../../../support/published-rules.ts';

/** P0…P3 lie on the rays (1, i) and P4…P7 on (−1, −i): a token of the first is worth (1, 0), of the second (−1, 0). */
const ATTRIBUTES: AttributeModel = {
  learned: {
    tokens: ['', 'product_type=Clothes', 'product_type=Tools'],
    dimensions: 2,
    vectors: Float32Array.of(0, 0, 1, 0, -1, 0),
    contextVectors: Float32Array.of(0, 0, 1, 0, -1, 0),
    logViews: Float32Array.of(1, 0, 0),
  },
  weights: { amongNew: { vector: 1, product_type: 2 }, forNew: { vector: 1, product_type: 2 } },
};
const row = (id: string, product_type: string, brand: string, availability = 'in stock', item_group_id = '') => ({
  id,
  product_type,
  brand,
  availability,
  item_group_id,
});
const FEED = [
  row('P0', 'Clothes', 'Acme'),
  row('P1', 'Clothes', 'Bolt'),
  row('P4', 'Tools', 'Acme'),
  row('P5', 'Tools', 'Bolt'),
  row('new shirt', 'Clothes', 'Acme', 'in stock', 'shirt'),
  row('new shirt, red', 'Clothes', 'Acme', 'in stock', 'shirt'),
  row('new shirt, gone', 'Clothes', 'Acme', 'out of stock'),
  row('new hammer', 'Tools', 'Bolt'),
];

let api: ApiFixture;
beforeEach(async () => {
  api = new ApiFixture();
  const index = { ...decodeServingIndex(SAMPLE_INDEX_FILE), attributes: ATTRIBUTES };
  await publish(api.store, 'run-1', { index: encodeServingIndex(index) });
  await publishCatalogue(api.store, FEED);
});
const get = async (product: string, query = '') =>
  (await api.get(`/v1/products/${encodeURIComponent(product)}/recommendations`, query)).json;
const publishRule = (rule: object) =>
  publishTestRules(api.store, 'rules-1', { rules: [{ id: 'rule', author: 'Ana', note: 'test', ...rule }] });
const shown = (json: { items: { productId: string; source: string }[] }) =>
  json.items.map(({ productId, source }) => `${productId}: ${source}`);

describe('a product that nobody has viewed', () => {
  test('is answered by what its attributes are like, and says so', async () => {
    // 1 · x + 2 for clothes: P0 3, P1 3; P2 and P3, which are not listed, 1 each; tools −1.
    const json = await get('new shirt', 'count=3');
    expect(json.productId).toBe('new shirt');
    expect(shown(json)).toEqual(['P0: attributes', 'P1: attributes', 'P2: attributes']);
    expect(shown(await get('new hammer', 'count=2'))).toEqual(['P4: attributes', 'P5: attributes']);
  });

  test('is explained by the fields in which it is alike', async () => {
    const { items } = await get('new shirt', 'count=2&explain=true');
    expect(items[0].why).toEqual({ evidence: [], with: null, likeIn: ['product_type', 'brand'] });
    expect(items[1].why.likeIn).toEqual(['product_type']);
  });

  test('is no reason for a 404 with strict, unlike one that nothing is known of', async () => {
    expect(shown(await get('new shirt', 'strict=true&count=1'))).toEqual(['P0: attributes']);
    expect((await get('nowhere', 'strict=true')).status).toBe(404);
    const answer = await api.post('/v1/recommendations', { viewed: ['new hammer'], count: 1 }, 'strict=true');
    expect(shown(answer.json)).toEqual(['P4: attributes']);
  });

  test('keeps to the filter, and popular products fill up', async () => {
    expect(shown(await get('new shirt', `filter=${encodeURIComponent('brand:@')}`))).toEqual([
      'P0: attributes',
      'P4: attributes',
    ]);
    expect(shown(await get('new shirt', 'strategy=popularity&count=1'))).toEqual(['P0: popular']);
    const many = await get('new shirt', 'count=10');
    expect(shown(many).slice(-2)).toEqual(['a/b: popular', 'a%2Fb: popular']);
  });

  test('gives way in a session to what the model knows', async () => {
    const { json } = await api.post('/v1/recommendations', { viewed: ['P4', 'new shirt'], count: 1 });
    expect(shown(json)).toEqual(['P5: model']);
  });

  test('is answered by what a rule lifts, however little it is like it', async () => {
    // P4…P7 are more like the hammer, and P0 as little: P1 is the sixth.
    await publishRule({ type: 'boost', products: ['P1'], add: 2 });
    expect(shown(await get('new hammer', 'count=1'))).toEqual(['P1: attributes']);
  });

  test('is not pinned in its own list, nor where the session has viewed it', async () => {
    await publishRule({ type: 'pin', product: 'new hammer', position: 1 });
    expect(shown(await get('new hammer', 'count=1'))).toEqual(['P4: attributes']);
    const viewed = ['P4', 'new hammer'];
    const ofSession = async (asked: object) =>
      shown((await api.post('/v1/recommendations', { viewed, count: 1, ...asked })).json);
    expect(await ofSession({})).toEqual(['P5: model']);
    expect(await ofSession({ excludeViewed: false })).toEqual(['new hammer: pinned']);
  });
});

describe('explore', () => {
  test('is off by default', async () => {
    expect(shown(await get('P0', 'count=8')).join()).not.toContain('new');
  });

  test('gives the last places to new products that are like the viewed one, one of a group, none sold out', async () => {
    const json = await get('P0', 'count=5&explore=0.4&fields=brand');
    expect(shown(json)).toEqual([
      'P1: model',
      'P2: model',
      'P3: model',
      'new shirt: attributes',
      'new hammer: attributes',
    ]);
    expect(json.items[3]).toMatchObject({ rank: 4, fields: { brand: 'Acme' } });
  });

  test('a share of less than a place changes nothing', async () => {
    expect(shown(await get('P0', 'count=5&explore=0.19')).join()).not.toContain('attributes');
  });

  test('keeps to filter and exclude, and places that it cannot fill stay with the model', async () => {
    const filter = `filter=${encodeURIComponent('product_type:Clothes')}`;
    expect(shown(await get('P0', `count=4&explore=0.5&${filter}`))).toEqual(['P1: model', 'new shirt: attributes']);
    const excluded = await get('P0', 'count=4&explore=0.5&exclude=new%20shirt&exclude=new%20hammer');
    expect(shown(excluded)).toEqual(['P1: model', 'P2: model', 'P3: model', 'new shirt, red: attributes']);
  });

  test('never shows what the session has viewed', async () => {
    const asked = { viewed: ['P0', 'new shirt', 'new shirt, red'], count: 4, explore: 0.5 };
    expect(shown((await api.post('/v1/recommendations', asked)).json).join()).not.toContain('shirt');
  });

  test('does not show again what is pinned', async () => {
    await publishRule({ type: 'pin', product: 'new hammer', position: 1 });
    expect(shown(await get('P4', 'count=4&explore=0.5'))).toEqual([
      'new hammer: pinned',
      'P5: model',
      'P6: model',
      'new shirt: attributes',
    ]);
  });

  test('shows no variant of a product that keeps its place', async () => {
    const feed = [
      row('P3', 'Clothes', 'Acme', 'in stock', 'shirt'),
      row('new', 'Clothes', 'Acme', 'in stock', 'shirt'),
    ];
    await publishCatalogue(api.store, feed, 'catalogue-2');
    const ids = (await get('P0', 'count=4&explore=0.5')).items.map(({ productId }: { productId: string }) => productId);
    expect(ids.filter((id: string) => id === 'P3' || id === 'new')).toHaveLength(1);
  });

  test('takes no place against a rule of diversity', async () => {
    expect(shown(await get('P4', 'count=3&explore=0.4')).at(-1)).toBe('new hammer: attributes');
    await publishRule({ type: 'diversify', field: 'brand', most: 1, first: 3 });
    api.nowMs += CHECK_INTERVAL_MS;
    // P5 is of Bolt, as the hammer is.
    expect(shown(await get('P4', 'count=3&explore=0.4'))).toEqual(['P5: model', 'P6: model', 'new shirt: attributes']);
  });

  test.each([
    ['0.6', '"0.6"'],
    ['much', '"much"'],
    ['-0.1', '"-0.1"'],
  ])('explore=%s is refused', async (value, found) => {
    const { status, detail } = await get('P0', `explore=${value}`);
    expect(status).toBe(400);
    expect(detail).toContain('allowed is a share from 0 to 0.5');
    expect(detail).toContain(found.slice(1, -1));
  });
});

test('a model that was trained without a catalogue answers with popular products', async () => {
  const plain = await ApiFixture.published();
  await publishCatalogue(plain.store, FEED);
  const { json } = await plain.get('/v1/products/new%20shirt/recommendations', 'count=2&explore=0.5');
  expect(shown(json)).toEqual(['P0: popular', 'P1: popular']);
});
