import { beforeEach, describe, expect, test } from 'vitest';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../../support/published-catalogue.ts';
import { ODD_PRODUCT_IDS } from '../../../support/published-model.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
  // The fixture's clock stands ten minutes after the model went live, at 10:10.
  await publishCatalogue(api.store, SAMPLE_FEED, '20261123T100500000Z-0badcafe');
});

const VERSION = '20261123T100500000Z-0badcafe';
const MODEL_PRODUCTS = 8 + ODD_PRODUCT_IDS.length;
const FACTS = {
  catalogueVersion: VERSION,
  catalogueAgeSeconds: 300,
  productCount: 8,
  modelProductCount: MODEL_PRODUCTS,
  listedProductCount: 7,
};

describe('GET /v1/catalogue', () => {
  const fieldsOf = async (query = '') => {
    const { json } = await api.get('/v1/catalogue', query);
    return Object.fromEntries(json.fields.map((field: { name: string }) => [field.name, field]));
  };

  test('says how old it is and what it covers, with each field and its most frequent values', async () => {
    const { json } = await api.get('/v1/catalogue');
    expect(json).toMatchObject({ modelVersion: 'run-1', ...FACTS });
    expect(await fieldsOf()).toMatchObject({
      title: { type: 'text', products: 8 },
      price: { type: 'number', products: 7, min: 10, max: 40 },
      brand: {
        type: 'facet',
        products: 7,
        isPath: false,
        valueCount: 3,
        values: [
          { value: 'Acme', products: 4 },
          { value: 'Cog', products: 2 },
          { value: 'Bolt', products: 1 },
        ],
      },
      product_type: { isPath: true, valueCount: 4 },
      availability: {
        values: [
          { value: 'in_stock', products: 7 },
          { value: 'out_of_stock', products: 1 },
        ],
      },
      colours: {
        products: 5,
        values: [
          { value: 'blue', products: 3 },
          { value: 'red', products: 2 },
          { value: 'green', products: 1 },
        ],
      },
    });
  });

  test('of some fields, with fewer values', async () => {
    const fields = await fieldsOf('fields=brand,price&limit=1');
    expect(Object.keys(fields)).toEqual(['brand', 'price']);
    expect(fields['brand']).toMatchObject({ valueCount: 3, values: [{ value: 'Acme', products: 4 }] });
    const { statusCode, json } = await api.get('/v1/catalogue', 'fields=brnad');
    expect([statusCode, json.errors[0].nearest]).toEqual([400, 'brand']);
  });

  test('is not there before a feed was loaded', async () => {
    const { statusCode, json } = await (await ApiFixture.published()).get('/v1/catalogue');
    expect([statusCode, json.detail]).toEqual([404, expect.stringContaining('npm run catalogue')]);
  });
});

describe('GET /v1/model', () => {
  test('says which catalogue is live, its age and how many of the products it lists', async () => {
    expect((await api.get('/v1/model')).json.catalogue).toEqual(FACTS);
  });

  test('gives no age where the version does not say, and null without a catalogue', async () => {
    const named = await ApiFixture.published();
    expect((await named.get('/v1/model')).json.catalogue).toBeNull();
    await publishCatalogue(named.store, SAMPLE_FEED, 'spring');
    named.nowMs += 60_000;
    expect((await named.get('/v1/model')).json.catalogue).toMatchObject({ catalogueAgeSeconds: null });
  });
});

describe('GET /v1/products', () => {
  const find = async (query: string) => {
    const { json } = await api.get('/v1/products', query);
    return json.items.map(({ productId }: { productId: string }) => productId);
  };

  test('finds products by words of id and title', async () => {
    expect(await find('query=shirt')).toEqual(['P0', 'P1', 'P2']);
    expect(await find('query=SHIRT%20blu')).toEqual(['P1', 'P2']);
    expect(await find('query=cafe')).toEqual(['P3']);
    expect(await find('query=p4')).toEqual(['P4']);
    expect(await find('query=%F0%9F%91%9F')).toEqual(['👟']);
    expect(await find('query=nothing%20such')).toEqual([]);
  });

  test('finds products by a filter, sold-out ones too, and by both', async () => {
    expect(await find('filter=brand:Cog')).toEqual(['P4', 'P5']);
    expect(await find('filter=brand:Acme&query=blue')).toEqual(['P1', 'P2']);
    expect(await find('filter=brand:@')).toEqual([]);
    const { json } = await api.get('/v1/products', 'filter=brnad:Acme');
    expect(json.errors[0]).toMatchObject({ field: 'filter', nearest: 'brand' });
  });

  test('counts what matches, and pages through it', async () => {
    const first = await api.get('/v1/products', 'query=shirt&limit=2');
    expect(first.json).toMatchObject({ productCount: MODEL_PRODUCTS, matchCount: 3, catalogueVersion: VERSION });
    const rest = `query=shirt&limit=2&cursor=${first.json.nextCursor}`;
    expect(await find(rest)).toEqual(['P2']);
    expect((await api.get('/v1/products', rest)).json.nextCursor).toBeNull();
    const mixed = await api.get('/v1/products', `query=spade&cursor=${first.json.nextCursor}`);
    expect([mixed.statusCode, mixed.json.errors[0].found]).toEqual([400, expect.stringContaining('another list')]);
  });

  test('shows fields when they are asked for', async () => {
    const { json } = await api.get('/v1/products', 'query=p3&fields=title,colours');
    expect(json.items).toMatchObject([
      { productId: 'P3', fields: { title: 'Café trousers', colours: ['red', 'blue'] } },
    ]);
    expect((await api.get('/v1/products', 'limit=1')).json.items[0]).not.toHaveProperty('fields');
  });
});

describe('GET /v1/products/{productId}', () => {
  test('shows all that the catalogue says, or some of it', async () => {
    const { json } = await api.get('/v1/products/P4');
    expect(json).toMatchObject({
      productId: 'P4',
      catalogueVersion: VERSION,
      fields: { title: 'Spade', price: 15, availability: 'out_of_stock', link: 'https://shop.example/P4' },
    });
    expect((await api.get('/v1/products/P4', 'fields=price')).json.fields).toEqual({ price: 15 });
    expect((await api.get('/v1/products/P7')).json.fields).toEqual({});
  });

  test('of one that the catalogue alone knows says so', async () => {
    const { statusCode, json } = await api.get('/v1/products/new');
    expect([statusCode, json.detail]).toEqual([404, expect.stringContaining('the catalogue lists it')]);
  });
});

test.each([
  ['/v1/products', 'query=p4&'],
  ['/v1/products/P4', ''],
  ['/v1/products/P0/recommendations', 'count=1&'],
])('GIVEN a field that feeds may have and this one has not THEN it is left out: %s', async (path, query) => {
  const shown = async (fields: string) => {
    const { statusCode, json } = await api.get(path, `${query}fields=${fields}`);
    return [statusCode, (json.items?.[0] ?? json).fields];
  };
  // The sample feed has neither.
  const [status, fields] = await shown('title,sale_price,gtin');
  expect([status, Object.keys(fields)]).toEqual([200, ['title']]);
  expect(await shown('gtin')).toEqual([200, {}]);
  expect((await shown('gtni'))[0]).toBe(400);
});

test.each([
  ['/v1/products', 'limit=1&fields=*,nope'],
  ['/v1/products/P0', 'fields=*&fields=nope'],
  ['/v1/products/P0/recommendations', 'fields=nope,*'],
  ['/v1/products/P0/recommendations', 'fields=*,'],
])('an unknown field beside * is refused as it is alone: %s?%s', async (path, query) => {
  const { statusCode, json } = await api.get(path, query);
  const alone = await api.get(path, query.includes('nope') ? 'fields=nope' : 'fields=title,');
  expect([statusCode, json.errors]).toEqual([400, alone.json.errors]);
});

test('an unknown field beside * in a body is refused, and a known one is not', async () => {
  const ask = async (fields: string[]) =>
    (await api.post('/v1/recommendations', { viewed: ['P0'], count: 1, fields })).statusCode;
  expect([await ask(['*', 'nope']), await ask(['*', 'title']), await ask(['*'])]).toEqual([400, 200, 200]);
});
