import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { rank } from '../../../engine/ranking/rank.ts';
import { ProductWorld } from '../../../engine/rules/product-world.ts';
import { RulesEngine } from '../../../engine/rules/rules-engine.ts';
import { FACTS, type Facts, index, NEW_PRODUCT, PRODUCTS, rule, rulesOf, world } from './example-world.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const engineOf = (rules: object[], placements: object = { home: {} }) =>
  new RulesEngine(rulesOf({ placements, rules }), world);
const ask = (engine: RulesEngine, query = 1, count = 10, placement: string | undefined = 'home', nowMs = NOW) => {
  const { admitted, adjustments, pins, limits } = engine.directionsFor(placement, query, nowMs);
  const random = seededRandom(1);
  const asked = {
    viewed: [query],
    count,
    strategy: 'blend' as const,
    excluded: new Set<number>(),
    excludeViewed: true,
  };
  return rank(index, { ...asked, random, admitted, adjustments, pins, limits });
};
const products = (engine: RulesEngine, ...asked: Parameters<typeof ask> extends [unknown, ...infer T] ? T : never) =>
  ask(engine, ...asked).map(({ product }) => product);

describe('each kind of rule', () => {
  test('require leaves these, exclude all but these', () => {
    const engine = engineOf([
      rule({ type: 'require', products: 'product_type:Home AND availability:in_stock' }),
      rule({ type: 'exclude', products: 'brand:"brand 2"' }),
      rule({ type: 'exclude', products: [index.productIds[3], 'unknown'] }),
    ]);
    const list = products(engine, 1, PRODUCTS);
    const expected = FACTS.flatMap(({ brand, availability }, p) =>
      availability === 'in_stock' && brand !== 'brand 2' && p !== 3 && p !== 1 ? p : [],
    );
    expect(list.toSorted((a, b) => a - b)).toEqual(expected);
  });

  test('boost lifts and bury lowers what it selects', () => {
    const share = (engine: RulesEngine, brand: string) =>
      products(engine, 1, 20).filter((p) => FACTS[p].brand === brand).length;
    const plain = share(engineOf([]), 'brand 3');
    expect(share(engineOf([rule({ type: 'boost', products: 'brand:"brand 3"', factor: 1000 })]), 'brand 3')).toBe(20);
    expect(share(engineOf([rule({ type: 'bury', products: 'brand:"brand 3"', add: -10 })]), 'brand 3')).toBe(0);
    expect(plain).toBeGreaterThan(0);
    expect(plain).toBeLessThan(20);
  });

  test('pin puts a product at its position, also one that nobody has viewed yet', () => {
    const engine = engineOf([rule({ type: 'pin', product: NEW_PRODUCT.id, position: 2 })]);
    expect(ask(engine)[1]).toMatchObject({ product: NEW_PRODUCT.number, source: 'pinned' });
  });

  test('diversify keeps brands apart at the top; products without one are not limited', () => {
    const engine = engineOf([rule({ type: 'diversify', field: 'brand', most: 1, first: 5 })]);
    const brands = products(engine)
      .slice(0, 5)
      .map((p) => FACTS[p].brand)
      .filter((brand) => brand !== undefined);
    expect(new Set(brands).size).toBe(brands.length);
  });

  test('a number can tell products apart, too', () => {
    const engine = engineOf([rule({ type: 'diversify', field: 'price', most: 1, first: 8 })]);
    const prices = products(engine)
      .slice(0, 8)
      .map((p) => FACTS[p].price);
    expect(new Set(prices).size).toBe(8);
  });
});

describe('the query product', () => {
  test('"@" is its own value; a rule rests for a product without one, and where there is none', () => {
    const engine = engineOf([rule({ type: 'require', products: 'brand:@ AND price>=0.9*@price' })]);
    const alike = products(engine, 1, 50);
    expect(alike.length).toBeGreaterThan(3);
    for (const p of alike) expect(FACTS[p]).toMatchObject({ brand: FACTS[1].brand });
    for (const p of alike) expect(FACTS[p].price).toBeGreaterThanOrEqual(0.9 * FACTS[1].price);
    expect(products(engine, 7)).toEqual(products(engineOf([]), 7));
    expect(engine.directionsFor('home', undefined, NOW).admitted).toBeUndefined();
  });

  test('"when" asks it', () => {
    const engine = engineOf([rule({ type: 'exclude', products: 'brand:"brand 1"', when: 'price<=11' })]);
    const isTold = (query: number) => engine.directionsFor('home', query, NOW).admitted !== undefined;
    expect([isTold(1), isTold(2), isTold(11)]).toEqual([true, false, true]);
    expect(engine.directionsFor('home', undefined, NOW).admitted).toBeUndefined();
  });

  test('answers are the same the second time, and after many other products', () => {
    const engine = engineOf([
      rule({ type: 'require', products: 'product_type:@' }),
      rule({ type: 'boost', products: 'brand:@', factor: 3 }),
    ]);
    const first = Array.from({ length: PRODUCTS }, (_, p) => products(engine, p));
    expect(Array.from({ length: PRODUCTS }, (_, p) => products(engine, p))).toEqual(first);
  });
});

describe('where and when', () => {
  test.each<[string | undefined, boolean[]]>([
    // everywhere; in the cart alone; listed by home alone
    [undefined, [true, false, true]],
    ['home', [false, false, true]],
    ['cart', [true, true, true]],
  ])('in placement %s', (placement, expected) => {
    const engine = engineOf(
      [
        rule({ id: 'everywhere', type: 'pin', product: index.productIds[20], position: 1 }),
        rule({ id: 'in-cart', type: 'pin', product: index.productIds[21], position: 2, placements: ['cart'] }),
        rule({ id: 'listed', type: 'pin', product: index.productIds[22], position: 3 }),
      ],
      { home: { rules: ['listed'] }, cart: {} },
    );
    const pinned = engine.directionsFor(placement, 1, NOW).pins.map(({ product }) => product);
    expect([20, 21, 22].map((product) => pinned.includes(product))).toEqual(expected);
  });

  test('from its first to its last moment', () => {
    const dates = { from: '2026-11-27', until: '2026-11-30', timeZone: 'Europe/Berlin' };
    const engine = engineOf([rule({ type: 'exclude', products: [index.productIds[2]], ...dates })]);
    const applies = (nowMs: number) => engine.directionsFor('home', 1, nowMs).admitted !== undefined;
    const [from, until] = [Date.UTC(2026, 10, 26, 23), Date.UTC(2026, 10, 30, 23)];
    expect([from - 1, from, until - 1, until].map(applies)).toEqual([false, true, true, false]);
  });

  test('a placement that is not there is refused with the nearest', () => {
    expect(() => ask(engineOf([]), 1, 5, 'hom')).toThrow(
      'There is no placement "hom"; allowed is one of home. Did you mean "home"?',
    );
  });
});

describe('what is wrong stays out, and the rest in force', () => {
  const broken = [
    rule({ id: 'no-field', type: 'exclude', products: 'colour:red' }),
    rule({ id: 'no-number', type: 'boost', products: 'brand<3', factor: 2 }),
    rule({ id: 'no-own-field', type: 'exclude', products: 'price<2*@old_price' }),
    rule({ id: 'no-price', type: 'exclude', products: 'NOT price:cheap' }),
    rule({ id: 'only-shown', type: 'diversify', field: 'title', most: 1, first: 3 }),
    rule({ id: 'sound', type: 'exclude', products: [index.productIds[2]] }),
  ];

  test('is told', () => {
    const engine = engineOf(broken, { home: { filter: 'size:42', count: 3 } });
    expect(engine.faults.map(({ rule: id, placement }) => id ?? placement)).toEqual([
      'no-field',
      'no-number',
      'no-own-field',
      'no-price',
      'only-shown',
      'home',
    ]);
    const { admitted, placement } = engine.directionsFor('home', 1, NOW);
    expect([admitted?.has(2), admitted?.has(3), placement]).toEqual([false, true, { count: 3, filter: undefined }]);
  });

  test('without a catalogue, rules by product id alone hold', () => {
    const engine = new RulesEngine(rulesOf({ rules: broken }), new ProductWorld(index, undefined));
    expect(engine.faults.map(({ reason }) => reason)).toEqual(
      Array(5).fill('There is no catalogue to filter by: load a feed first (npm run catalogue -- FEED).'),
    );
    expect(engine.directionsFor(undefined, 1, NOW).admitted?.has(2)).toBe(false);
  });
});

test('an answer tells which rules touched an item, and which kept one out', () => {
  const engine = engineOf([
    rule({ id: 'own', type: 'boost', products: 'brand:"brand 1"', factor: 2 }),
    rule({ id: 'cheap', type: 'bury', products: 'price<12', factor: 0.5 }),
    rule({ id: 'first', type: 'pin', product: index.productIds[31], position: 1 }),
    rule({ id: 'mixed', type: 'diversify', field: 'brand', most: 1, first: 10 }),
    rule({ id: 'sold-out', type: 'exclude', products: 'availability:out_of_stock' }),
    rule({ id: 'home-only', type: 'require', products: 'product_type:"Home > Room 1","Home > Room 2"' }),
  ]);
  const directions = engine.directionsFor('home', 1, NOW);
  const items = ask(engine, 1, 20);
  expect(directions.touchesOf(items[0])).toEqual([{ rule: 'first', type: 'pin' }]);
  for (const item of items.slice(1)) {
    const { brand, price } = FACTS[item.product];
    const rules = directions.touchesOf(item).map(({ rule: id }) => id);
    expect(rules.includes('own')).toBe(brand === 'brand 1');
    expect(rules.includes('cheap')).toBe(price < 12);
    expect(rules.includes('mixed')).toBe(item.heldBackBy !== undefined);
  }
  expect(items.some(({ heldBackBy }) => heldBackBy !== undefined)).toBe(true);
  expect([4, 3, 5].map((p) => directions.keptOutBy(p)?.rule)).toEqual(['sold-out', 'home-only', undefined]);
});

test('a new product that explore let in was neither boosted nor buried', () => {
  const engine = engineOf([
    rule({ id: 'own', type: 'boost', products: 'brand:"brand 1"', factor: 2 }),
    rule({ id: 'first', type: 'pin', product: NEW_PRODUCT.id, position: 1 }),
  ]);
  const { touchesOf } = engine.directionsFor(undefined, 1, NOW);
  const item = { product: NEW_PRODUCT.number, score: 1 };
  expect(touchesOf({ ...item, source: 'attributes' })).toEqual([]);
  expect(touchesOf({ ...item, source: 'pinned' })).toEqual([{ rule: 'first', type: 'pin' }]);
  // In the list of a new product the model's products stand by attributes, and rules change their scores.
  expect(touchesOf({ product: 1, score: 1, source: 'attributes' })).toEqual([{ rule: 'own', type: 'boost' }]);
});

/** Rules drawn at random, each beside what it says in plain code. */
const brand = fc.integer({ min: 0, max: 4 }).map((n) => `brand ${n}`);
const selection = fc.oneof(
  brand.map((name) => ({ filter: `brand:"${name}"`, holds: ({ brand: own }: Facts) => own === name })),
  fc
    .integer({ min: 11, max: 19 })
    .map((most) => ({ filter: `price<=${most}`, holds: ({ price }: Facts) => price <= most })),
  fc.constant({ filter: 'NOT availability:in_stock', holds: (f: Facts) => f.availability !== 'in_stock' }),
  fc.constant({ filter: 'product_type:@', holds: (f: Facts, query: Facts) => f.category === query.category }),
  fc.constant({ filter: 'price<1.2*@', holds: (f: Facts, query: Facts) => f.price < 1.2 * query.price }),
);
const gate = fc.record({ type: fc.constantFrom('require', 'exclude'), selection });

test('whatever the rules: only what they admit, unique, as many as there are', () => {
  fc.assert(
    fc.property(fc.array(gate, { maxLength: 4 }), fc.nat(PRODUCTS - 1), brand, fc.nat(30), (gates, query, own, pin) => {
      const engine = engineOf([
        ...gates.map(({ type, selection: { filter } }) => rule({ type, products: filter })),
        rule({ type: 'boost', products: `brand:"${own}"`, factor: 5 }),
        rule({ type: 'pin', product: index.productIds[pin], position: 3 }),
        rule({ type: 'diversify', field: 'brand', most: 2, first: 6 }),
      ]);
      const passes = (p: number) =>
        p !== query &&
        gates.every(({ type, selection: { holds } }) => holds(FACTS[p], FACTS[query]) === (type === 'require'));
      const list = products(engine, query, 12);
      expect(list.filter((p) => !passes(p))).toEqual([]);
      expect(new Set(list).size).toBe(list.length);
      expect(list.length).toBe(Math.min(12, FACTS.filter((_, p) => passes(p)).length));
      if (passes(pin) && list.length > 2) expect(list[2]).toBe(pin);
    }),
    { numRuns: 300 },
  );
});
