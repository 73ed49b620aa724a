import { beforeEach, describe, expect, test } from 'vitest';
import { decodeRecommendationId } from '../../../../engine/artifacts/recommendation-id.ts';
import { CHECK_INTERVAL_MS } from '../../../../lambdas/recommend/model-cache.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../../support/published-catalogue.ts';
import { publishTestRules } from '../../../support/published-rules.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
  await publishCatalogue(api.store, SAMPLE_FEED);
});

const common = { author: 'Ana', note: 'test' };
const FILE = {
  placements: {
    pdp: { strategy: 'embedding', count: 3, filter: 'product_type:@', relax: ['product_type'] },
    cart: { rules: ['spade-first'], count: 2 },
  },
  rules: [
    { ...common, id: 'spade-first', type: 'pin', product: 'P5', position: 1, placements: ['cart'] },
    { ...common, id: 'no-bolt', type: 'exclude', products: 'brand:Bolt' },
    { ...common, id: 'cheap', type: 'boost', products: 'price<12', factor: 2, placements: ['pdp'] },
    { ...common, id: 'later', type: 'exclude', products: ['P1'], from: '2027-01-01', placements: ['pdp'] },
  ],
};
const idsOf = (json: { items: { productId: string }[] }) => json.items.map(({ productId }) => productId);
const ask = async (product: string, query = '') =>
  (await api.get(`/v1/products/${product}/recommendations`, query)).json;
const expectRules = (json: { items: { why: { rules: unknown } }[] }) => expect(json.items.map(({ why }) => why.rules));

describe('placement', () => {
  beforeEach(() => publishTestRules(api.store, 'rules-1', FILE));

  test('gives its strategy, count, filter and order of relaxing, and stands in the id of the answer', async () => {
    // Shirts are P1 (its variant P2 is left out) alone: then the condition on the category is given up.
    const json = await ask('P0', 'placement=pdp');
    expect(json).toMatchObject({ strategy: 'embedding', rulesVersion: 'rules-1', relaxed: ['product_type'] });
    expect(json.items).toHaveLength(3);
    expect(decodeRecommendationId(json.recommendationId)).toMatchObject({ placement: 'pdp', strategy: 'embedding' });
  });

  test('the request narrows the filter, and its own count and strategy count', async () => {
    const json = await ask('P0', 'placement=pdp&filter=brand:Acme&count=4&strategy=popularity&relax=brand');
    expect(json).toMatchObject({ strategy: 'popularity', relaxed: ['brand'] });
    expect(idsOf(json)).toEqual(['P1']);
  });

  test('is taken in a body and in a batch', async () => {
    const body = { viewed: ['P0'], placement: 'cart', explain: true };
    const { json } = await api.post('/v1/recommendations', body);
    expect(idsOf(json)).toHaveLength(2);
    expectRules(json).toEqual([[{ rule: 'spade-first', type: 'pin' }], []]);
    expect(json.items[0]).toMatchObject({ productId: 'P5', source: 'pinned' });
    const batch = (await api.post('/v1/recommendations/batch', { requests: [body, { ...body, placement: 'crt' }] }))
      .json;
    expect(idsOf(batch.answers[0])).toEqual(idsOf(json));
    expect(batch.answers[1].problem.detail).toContain(
      'There is no placement "crt"; allowed is one of pdp, cart. Did you mean "cart"?',
    );
  });

  test('that is not there is refused with the nearest', async () => {
    const { statusCode, json } = await api.get('/v1/products/P0/recommendations', 'placement=pdf');
    expect(statusCode).toBe(400);
    expect(json.detail).toBe('There is no placement "pdf"; allowed is one of pdp, cart. Did you mean "pdp"?');
  });
});

test('without any rules a placement is no reason to refuse: the page would be empty', async () => {
  const json = await ask('P0', 'placement=pdp&relax=price');
  expect(json.items.length).toBeGreaterThan(0);
  expect(json.rulesVersion).toBeUndefined();
});

test('rules that name no placement hold in every answer, and answers tell what touched an item', async () => {
  expect(idsOf(await ask('P0', 'count=100'))).toContain('P3');
  await publishTestRules(api.store, 'rules-1', FILE);
  api.nowMs += CHECK_INTERVAL_MS;
  for (const query of ['count=100', 'count=100&placement=pdp', 'count=100&filter=price>20']) {
    expect(idsOf(await ask('P0', query))).not.toContain('P3');
  }
  const json = await ask('P1', 'placement=pdp&explain=true');
  expect(json.items[0]).toMatchObject({ productId: 'P0', why: { rules: [{ rule: 'cheap', type: 'boost' }] } });
});

test('what a page relaxes outlives the filter of its placement', async () => {
  const placements = { pdp: { filter: 'colours:red', relax: ['colours'] } };
  await publishTestRules(api.store, 'rules-1', { placements });
  expect((await ask('P0', 'placement=pdp&relax=colours&count=100')).relaxed).toEqual(['colours']);
  const withoutColours = SAMPLE_FEED.map(({ colours: _, ...row }) => row);
  await publishCatalogue(api.store, withoutColours, 'catalogue-2');
  api.nowMs += CHECK_INTERVAL_MS;
  const json = await ask('P0', 'placement=pdp&relax=colours&count=100');
  expect([json.catalogueVersion, json.relaxed]).toEqual(['catalogue-2', []]);
  expect(json.items.length).toBeGreaterThan(1);
});

test('a rule begins at its time', async () => {
  await publishTestRules(api.store, 'rules-1', FILE);
  expect(idsOf(await ask('P0', 'placement=pdp'))).toContain('P1');
  api.nowMs = Date.UTC(2027, 0, 1);
  expect(idsOf(await ask('P0', 'placement=pdp'))).not.toContain('P1');
});

test('the ETag changes with the rules', async () => {
  const tag = async () => (await api.get('/v1/products/P0/recommendations')).headers!['etag'];
  const before = await tag();
  expect(await tag()).toBe(before);
  await publishTestRules(api.store, 'rules-1', FILE);
  api.nowMs += CHECK_INTERVAL_MS;
  const after = await tag();
  expect(after).not.toBe(before);
  await publishTestRules(api.store, 'rules-2', FILE);
  api.nowMs += CHECK_INTERVAL_MS;
  expect(await tag()).not.toBe(after);
});

test('a torn file of rules takes nothing down', async () => {
  await publishTestRules(api.store, 'rules-1', FILE);
  await api.store.put('rules/rules-1.json', '{');
  const { statusCode, json } = await api.get('/v1/products/P0/recommendations', 'placement=pdp');
  expect([statusCode, json.items.length]).toEqual([200, 5]);
  expect(api.faults).toHaveLength(1);
});

test('a product that nobody has viewed can be pinned, and keeps its place beside those that explore gives', async () => {
  await publishTestRules(api.store, 'rules-1', {
    rules: [{ ...common, id: 'new-first', type: 'pin', product: 'new', position: 4 }],
  });
  const json = await ask('P0', 'count=4&explore=0.5&explain=true');
  expect(json.items.at(-1)).toMatchObject({ productId: 'new', source: 'pinned' });
  expect(new Set(idsOf(json)).size).toBe(4);
});

describe('GET /v1/rules', () => {
  test('says that there are none', async () => {
    expect((await api.get('/v1/rules')).json).toMatchObject({ rulesVersion: null, placements: [], rules: [] });
  });

  test('lists placements and rules as they were written, with what is in force and what cannot be', async () => {
    const broken = { ...common, id: 'broken', type: 'exclude', products: 'size:42', until: '2026-01-01' };
    await publishTestRules(api.store, 'rules-1', { ...FILE, rules: [...FILE.rules, broken] });
    const { json } = await api.get('/v1/rules');
    expect(json).toMatchObject({
      rulesVersion: 'rules-1',
      publication: { author: 'Ana', note: 'test', effect: null },
      placements: [
        { name: 'pdp', filter: 'product_type:@', relax: ['product_type'], fault: null },
        { name: 'cart', count: 2, rules: ['spade-first'] },
      ],
    });
    expect(json.rules.map(({ id, state, products }: Record<string, unknown>) => [id, state, products])).toEqual([
      ['spade-first', 'active', undefined],
      ['no-bolt', 'active', 'brand:Bolt'],
      ['cheap', 'active', 'price<12'],
      ['later', 'upcoming', ['P1']],
      ['broken', 'expired', 'size:42'],
    ]);
    expect(json.rules[4].fault).toContain('The catalogue has no field "size"');
  });
});
