import { beforeEach, describe, expect, test } from 'vitest';
import { ApiFixture } from '../../../support/api-fixture.ts';
import { publishCatalogue, SAMPLE_FEED } from '../../../support/published-catalogue.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.published();
  await publishCatalogue(api.store, SAMPLE_FEED);
});

const idsOf = (json: { items: { productId: string }[] }) => json.items.map(({ productId }) => productId);
const listOf = (...parameters: string[]) => parameters.join('&');
const filter = (text: string) => `filter=${encodeURIComponent(text)}`;
/** Of a product, the known ones of the sample feed alone: P4 is sold out, P7 and odd ids are not listed. */
const ask = async (product: string, ...parameters: string[]) =>
  (await api.get(`/v1/products/${product}/recommendations`, listOf('count=100', ...parameters))).json;

describe('filter', () => {
  test.each([
    ['brand:Acme', ['P1']],
    ['brand:Acme,Bolt', ['P1', 'P3']],
    ['brand:@', ['P1']],
    ['product_type:Clothes', ['P1', 'P3']],
    ['price<=1.5*@price', ['P1']],
    ['price:15..20', ['P5']],
    ['colours:blue AND NOT brand:Acme', ['P3']],
    ['brand:Nobody', []],
  ])('%s of P0 ranks %j', async (text, expected) => {
    const json = await ask('P0', filter(text));
    expect(idsOf(json)).toEqual(expected);
    expect(json).toMatchObject({ relaxed: [], catalogueVersion: 'catalogue-1' });
  });

  test('fills the list with what the strategy ranks among what passes, not with filler', async () => {
    const json = await ask('P0', filter('product_type:Clothes'), 'strategy=embedding');
    expect(json.items).toMatchObject([
      { productId: 'P1', source: 'model' },
      { productId: 'P3', source: 'model' },
    ]);
  });

  test('as a tree in a body says the same as the text', async () => {
    const tree = {
      and: [{ field: 'price', lte: { own: 'price', times: 5 } }, { not: { field: 'brand', in: ['Cog'] } }],
    };
    const asTree = await api.post('/v1/recommendations', { viewed: ['P0'], filter: tree });
    const asText = await api.post('/v1/recommendations', { viewed: ['P0'], filter: 'price<=5*@ AND NOT brand:Cog' });
    expect(asTree.statusCode).toBe(200);
    expect(asTree.json.items).toEqual(asText.json.items);
    expect(idsOf(asTree.json)).toEqual(['P1', 'P3']);
  });

  test('@ is the value of the newest viewed product that the model or the catalogue knows', async () => {
    const of = async (viewed: string[]) =>
      idsOf((await api.post('/v1/recommendations', { viewed, filter: 'brand:@' })).json);
    expect(await of(['P0', 'P5'])).toEqual([]);
    expect(await of(['P5', 'P0', 'UNKNOWN'])).toEqual(['P1']);
    // Known to the catalogue alone.
    expect(await of(['P0', 'new'])).toEqual(['P1']);
    expect(idsOf(await ask('new', filter('brand:@')))).toEqual(['P0', 'P1']);
    // P6 has no brand, P7 is not listed: nothing has that of theirs.
    expect(await of(['P0', 'P6'])).toEqual([]);
    expect(await of(['P0', 'P7'])).toEqual([]);
    expect(await of([])).toEqual([]);
  });

  test.each([
    ['pirce<3', '"pirce", a field that the catalogue does not have at character 1', 'price'],
    [
      'brand:Acme AND coluors:red',
      '"coluors", a field that the catalogue does not have at character 16, after "brand:Acme AND "',
      'colours',
    ],
    ['price<@prise', '"prise", a field that the catalogue does not have at character 8, after "price<@"', 'price'],
    ['brand<3', '"brand", a field of names, compared as a number at character 1', undefined],
    ['title:Spade', '"title", a field that is only shown at character 1', undefined],
    ['price:cheap', '"c" at character 7, after "price:"', undefined],
    ['brand:', 'the end at character 7, after "brand:"', undefined],
  ])('%s is refused: it points at the character', async (text, found, nearest) => {
    const { statusCode, json } = await api.get('/v1/products/P0/recommendations', filter(text));
    expect([statusCode, json.errors.length]).toEqual([400, 1]);
    expect(json.errors[0]).toMatchObject({ in: 'query', field: 'filter', found });
    expect(json.errors[0].nearest).toBe(nearest);
    if (nearest !== undefined) expect(json.detail).toContain(`Did you mean "${nearest}"?`);
  });

  test('as a tree is refused at its place', async () => {
    const refuse = async (tree: object) =>
      (await api.post('/v1/recommendations', { viewed: [], filter: tree })).json.errors[0];
    expect(
      await refuse({
        and: [
          { field: 'brand', in: ['Acme'] },
          { field: 'pirce', lt: 3 },
        ],
      }),
    ).toMatchObject({
      in: 'body',
      found: '"pirce", a field that the catalogue does not have at "filter.and[1]"',
      nearest: 'price',
    });
    expect(await refuse({ field: 'price', in: ['cheap'] })).toMatchObject({ found: '"cheap" at "filter"' });
    expect(await refuse({ brand: 'Acme' })).toMatchObject({ found: '{"brand":"Acme"} at "filter"' });
  });

  test('in a batch is refused in the place of its answer', async () => {
    const requests = [
      { viewed: ['P0'], filter: 'pirce<3' },
      { productId: 'P0', filter: 'brand:@' },
    ];
    const { statusCode, json } = await api.post('/v1/recommendations/batch', { requests });
    expect(statusCode).toBe(200);
    expect(json.answers[0].problem).toMatchObject({ status: 400, errors: [{ field: 'filter', nearest: 'price' }] });
    expect(idsOf(json.answers[1])).toEqual(['P1']);
  });
});

describe('without a catalogue', () => {
  test.each([filter('brand:Acme'), 'fields=title', 'relax=brand'])(
    '%s is refused with 409, which says so',
    async (query) => {
      const bare = await ApiFixture.published();
      const { statusCode, json } = await bare.get('/v1/products/P0/recommendations', query);
      expect([statusCode, json.type]).toEqual([409, 'urn:problem-type:alike:no-catalogue']);
      expect(json.detail).toContain('npm run catalogue -- FEED');
    },
  );

  test('everything else is answered as ever', async () => {
    const bare = await ApiFixture.published();
    const { json } = await bare.get('/v1/products/P0/recommendations', 'includeUnavailable=false&exclude=P1');
    expect(idsOf(json)).toEqual(['P2', 'P3', 'P7', 'P6', 'P5']);
    expect(json).not.toHaveProperty('catalogueVersion');
  });
});

describe('what is sold out', () => {
  test('is left out, and what the feed does not list or say is not', async () => {
    const ids = idsOf(await ask('P0'));
    expect(ids).not.toContain('P4');
    expect(ids).toEqual(expect.arrayContaining(['P6', 'P7', '👟']));
  });

  test.each(['includeUnavailable=true', filter('availability:in_stock,out_of_stock OR price>0')])(
    'is shown with %s',
    async (query) => {
      expect(idsOf(await ask('P0', query))).toContain('P4');
    },
  );

  test('may be all that is asked for', async () => {
    expect(idsOf(await ask('P0', filter('availability:out_of_stock')))).toEqual(['P4']);
  });

  test('vanishes when the feed says so, without a new model', async () => {
    expect(idsOf(await ask('P0'))).toContain('P5');
    const etag = (await api.get('/v1/products/P0/recommendations')).headers['etag'];
    const feed = SAMPLE_FEED.map((row) => (row['id'] === 'P5' ? { ...row, availability: 'sold out' } : row));
    await publishCatalogue(api.store, feed, 'catalogue-2');
    api.nowMs += 30_000;
    await api.get('/v1/health');
    const json = await ask('P0');
    expect(json).toMatchObject({ modelVersion: 'run-1', catalogueVersion: 'catalogue-2' });
    expect(idsOf(json)).not.toContain('P5');
    expect((await api.get('/v1/products/P0/recommendations')).headers['etag']).not.toBe(etag);
  });

  test('comes back where the caller gives availability up', async () => {
    const { json: relaxed } = await api.get(
      '/v1/products/P0/recommendations',
      listOf('count=2', filter('brand:Cog'), 'relax=availability'),
    );
    expect([idsOf(relaxed).sort(), relaxed.relaxed]).toEqual([['P4', 'P5'], ['availability']]);
  });
});

describe('relax', () => {
  const relaxing = async (count: number, relax: string) =>
    (
      await api.get(
        '/v1/products/P0/recommendations',
        listOf(`count=${count}`, filter('brand:Acme AND price<=12'), `relax=${relax}`),
      )
    ).json;

  test('gives conditions up in the declared order, and no more than needed', async () => {
    expect(await relaxing(1, 'price,brand')).toMatchObject({ relaxed: [], items: [{ productId: 'P1' }] });
    // Of the variants P1 and P2 one counts, so two of Acme are too many to ask for.
    const both = await relaxing(2, 'price,brand');
    expect([idsOf(both), both.relaxed]).toEqual([
      ['P1', 'P3'],
      ['price', 'brand'],
    ]);
    const one = await relaxing(2, 'brand');
    expect([idsOf(one), one.relaxed]).toEqual([['P1'], ['brand']]);
  });

  test('says all that it gave up where even that is not enough', async () => {
    const json = await relaxing(100, 'price&relax=brand');
    expect(json.relaxed).toEqual(['price', 'brand']);
    expect(json.items.length).toBeGreaterThan(10);
  });

  test('names fields: of the catalogue, or of Merchant Center', async () => {
    const { errors, detail } = await relaxing(1, 'prise');
    expect(errors).toEqual([
      {
        in: 'query',
        field: 'relax',
        found: '"prise"',
        allowed: expect.stringMatching(/^one of brand, price, availability, title, .*\bcolours\b.*\bsale_price\b/),
        nearest: 'price',
      },
    ]);
    expect(detail).toContain('Did you mean "price"?');
  });

  test.each([
    ['that the catalogue has', 'colours'],
    ['that it may have one day', 'sale_price'],
  ])('passes over a field %s, where no condition asks about it', async (_, field) => {
    expect(await relaxing(2, `${field},brand`)).toMatchObject({ relaxed: ['brand'], items: [{ productId: 'P1' }] });
    expect((await ask('P0', `relax=${field}`)).items.length).toBeGreaterThan(1);
  });

  test('of availability is no mistake where nothing is left out for it', async () => {
    expect((await ask('P0', 'includeUnavailable=true&relax=availability')).relaxed).toEqual([]);
    const bare = await ApiFixture.published();
    const feed = SAMPLE_FEED.map(({ availability: _, ...row }) => row);
    await publishCatalogue(bare.store, feed);
    const { statusCode, json } = await bare.get('/v1/products/P0/recommendations', 'relax=availability');
    expect([statusCode, json.relaxed]).toEqual([200, []]);
  });

  test('is a list in a body', async () => {
    const { json } = await api.post('/v1/recommendations', {
      viewed: ['P0'],
      count: 2,
      filter: 'brand:Cog AND price<16',
      relax: ['price'],
    });
    expect([idsOf(json), json.relaxed]).toEqual([['P5'], ['price']]);
  });
});

describe('variants', () => {
  test('of one product one is recommended, the best', async () => {
    expect(idsOf(await ask('P0'))).toEqual(expect.arrayContaining(['P1']));
    expect(idsOf(await ask('P0'))).not.toContain('P2');
    expect(idsOf(await ask('P0', 'exclude=P1'))).toContain('P2');
    expect(idsOf(await ask('P0', 'strategy=popularity'))).not.toContain('P2');
  });

  test('of what was viewed none is', async () => {
    expect(idsOf(await ask('P2'))).not.toContain('P1');
    const { json } = await api.post('/v1/recommendations', { viewed: ['P2', 'P0'], count: 100 });
    expect(idsOf(json)).not.toContain('P1');
    const within = await api.post('/v1/recommendations', { viewed: ['P2'], count: 100, excludeViewed: false });
    const shirts = idsOf(within.json).filter((id) => id === 'P1' || id === 'P2');
    expect(shirts).toHaveLength(1);
  });
});

describe('fields', () => {
  test('come with each item, typed as the catalogue has them; none where there is no value', async () => {
    const json = await ask(
      'P0',
      'fields=title,price&fields=colours',
      filter('product_type:Clothes OR product_type:Garden'),
    );
    expect(json.items.map(({ productId, fields }: Record<string, unknown>) => [productId, fields])).toEqual([
      ['P1', { title: 'Blue shirt, S', price: 12, colours: 'blue' }],
      ['P3', { title: 'Café trousers', price: 40, colours: ['red', 'blue'] }],
      ['P6', { title: 'Seeds' }],
      ['P5', { title: 'Fork', price: 18 }],
    ]);
  });

  test('* is all of them', async () => {
    const { json } = await api.post('/v1/recommendations', { viewed: ['P0'], count: 1, fields: ['*'] });
    const listed = await api.get('/v1/products/P0/recommendations', 'count=1&fields=*,title');
    expect(Object.keys(listed.json.items[0].fields)).toEqual(Object.keys(json.items[0].fields));
    expect(json.items[0].fields).toEqual({
      title: 'Blue shirt, S',
      price: 12,
      brand: 'Acme',
      product_type: 'Clothes > Shirts',
      colours: 'blue',
      availability: 'in_stock',
      item_group_id: 'blue-shirt',
      link: 'https://shop.example/P1',
    });
  });

  test('that the catalogue does not have are refused with the nearest name', async () => {
    const { statusCode, json } = await api.get('/v1/products/P0/recommendations', 'fields=titel');
    expect([statusCode, json.errors[0]]).toMatchObject([400, { field: 'fields', found: '"titel"', nearest: 'title' }]);
  });
});
