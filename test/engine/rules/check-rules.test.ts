import { describe, expect, test } from 'vitest';
import { checkRules } from '../../../engine/rules/check-rules.ts';
import { index, NEW_PRODUCT, rule, rulesOf, world } from './example-world.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const P = index.productIds;
const check = (file: object, products: typeof world | undefined = world) =>
  checkRules(rulesOf(file), products, NOW).map(({ level, where, message }) => `${level} ${where}: ${message}`);
const pin = (fields: object) => rule({ id: 'pin', type: 'pin', product: P[1], position: 1, ...fields });
/** Both are of brand 1. */
const SOLD_OUT = [P[16], P[36]];
const noBrand1 = { id: 'out', type: 'exclude', products: 'brand:"brand 1"' };

test('a sound file has no findings', () => {
  expect(
    check({
      placements: { home: { filter: 'availability:in_stock', rules: ['new', 'in-home'] }, cart: {} },
      rules: [
        rule({ id: 'new', type: 'pin', product: NEW_PRODUCT.id, position: 1, until: '2026-12-24' }),
        rule({ id: 'in-home', type: 'require', products: 'product_type:Home AND price<=1.5*@', placements: ['home'] }),
        rule({ id: 'out', type: 'exclude', products: 'brand:"brand 2"', placements: ['cart'] }),
      ],
    }),
  ).toEqual([]);
});

test('GIVEN values as a feed may write them THEN they are no findings', () => {
  expect(
    check({ placements: { home: { filter: 'availability:"In stock" AND product_type:"Home >"' } }, rules: [] }),
  ).toEqual([]);
  expect(check({ placements: { home: { filter: 'product_type:"Hoem>Garden"' } }, rules: [] })).toEqual([
    expect.stringContaining('No product\'s product_type is "Hoem>Garden".'),
  ]);
});

describe.each<[string, object, string]>([
  [
    'a placement that is not there',
    { placements: { home: {} }, rules: [rule({ ...noBrand1, placements: ['hone'] })] },
    'error rule "out": There is no placement "hone"; allowed is home. Did you mean "home"?',
  ],
  [
    'a rule that is not there',
    { placements: { home: { rules: ['aut'] } }, rules: [rule(noBrand1)] },
    'error placement "home": There is no rule "aut"; allowed is out. Did you mean "out"?',
  ],
  [
    'a field that is not there',
    { rules: [rule({ ...noBrand1, products: 'colour:red' })] },
    'error rule "out": The catalogue has no field "colour"; it has brand, product_type, price, availability, title.',
  ],
  [
    'a filter of a placement that cannot be answered',
    { placements: { home: { filter: 'brand<3' } } },
    'error placement "home": The catalogue\'s field "brand" holds no numbers: compare it with a value, as in brand:VALUE.',
  ],
  [
    'a value that its field cannot have',
    { rules: [rule({ ...noBrand1, products: 'brand:"brand 1" AND NOT price:cheap' })] },
    'error rule "out": In price:cheap, found "cheap"; allowed is a number, as "price" holds numbers.',
  ],
  [
    'a range among values',
    { rules: [rule({ ...noBrand1, products: 'price:10..20,30 OR brand:"brand 1"' })] },
    'error rule "out": In price:"10..20",30, found "10..20"; allowed is a number, as "price" holds numbers.',
  ],
  [
    'a value of "when" that its field cannot have',
    { rules: [rule({ ...noBrand1, when: { not: { field: 'price', in: ['cheap'] } } })] },
    'error rule "out": In price:cheap, found "cheap"; allowed is a number, as "price" holds numbers.',
  ],
  [
    'a value of a placement that its field cannot have',
    { placements: { home: { filter: 'price:cheap' } } },
    'error placement "home": In price:cheap, found "cheap"; allowed is a number, as "price" holds numbers.',
  ],
  [
    "a field of the query product's that is not there",
    { rules: [rule({ ...noBrand1, products: 'price<2*@old_price' })] },
    'error rule "out": In price<2*@old_price, found "old_price", a field that the catalogue does not have; allowed is one of brand, product_type, price, availability, title.',
  ],
  [
    'a field to relax that the filter does not name',
    { placements: { home: { filter: 'price<50', relax: ['price', 'brand'] } } },
    'warning placement "home": It relaxes "brand", of which its filter says nothing.',
  ],
  [
    'a value that no product has',
    { rules: [rule({ ...noBrand1, products: 'brand:"brnd 1"' })] },
    'warning rule "out": No product\'s brand is "brnd 1". Did you mean "brand 1"?',
  ],
  [
    'a filter that nothing passes',
    { rules: [rule({ ...noBrand1, products: 'price>500' })] },
    'warning rule "out": As the catalogue stands, it selects no product.',
  ],
  [
    'unknown products',
    { rules: [rule({ ...noBrand1, products: [P[0], ...'abcdefg'] })] },
    'warning rule "out": Neither the model nor the catalogue knows "a", "b", "c", "d", "e" and 2 more.',
  ],
  [
    'a period that is over',
    { rules: [rule({ ...noBrand1, until: '2026-11-25' })] },
    'warning rule "out": It has expired (until 2026-11-25): take it out, or set another date.',
  ],
  [
    'a period that ends before it begins',
    { rules: [rule({ ...noBrand1, from: '2026-12-02', until: '2026-12-01' })] },
    'error rule "out": It ends (until 2026-12-01) before it begins (from 2026-12-02).',
  ],
  [
    'a rule that applies nowhere',
    { placements: { home: { rules: [] } }, rules: [rule({ ...noBrand1, placements: ['home'] })] },
    'warning rule "out": It applies nowhere: no placement that it names lists it.',
  ],
  [
    'a limit that limits nothing',
    { rules: [rule({ id: 'mix', type: 'diversify', field: 'brand', most: 3, first: 3 })] },
    'warning rule "mix": It changes nothing: at most 3 of one brand among the first 3.',
  ],
  [
    'a factor of 1',
    { rules: [rule({ id: 'own', type: 'boost', products: 'price<99', factor: 1 })] },
    'warning rule "own": It changes nothing: a factor of 1, or an addition of 0.',
  ],
  [
    'rules that leave nothing',
    {
      placements: { home: {} },
      rules: [rule(noBrand1), rule({ id: 'only', type: 'require', products: 'brand:"brand 1"', placements: ['home'] })],
    },
    'error placement "home": Its rules leave no product to show: look at its require and exclude rules.',
  ],
  [
    'rules that leave nothing of what a filter passes',
    { placements: { home: { filter: 'brand:"brand 1"' } }, rules: [rule(noBrand1)] },
    'error placement "home": Its rules leave no product that passes its filter: look at both.',
  ],
  [
    'rules that leave nothing later on',
    {
      rules: [
        rule({ ...noBrand1, from: '2027-01-01' }),
        rule({ id: 'only', type: 'require', products: 'brand:"brand 1"', from: '2026-12-01', until: '2027-01-31' }),
      ],
    },
    'error answers that name no placement: From 2027-01-01 on, its rules leave no product to show: look at its require and exclude rules.',
  ],
  [
    'rules that leave nothing of what a filter passes, once another has ended',
    {
      timeZone: 'Europe/Berlin',
      placements: { home: { filter: 'brand:"brand 1","brand 2"', rules: ['out', 'out-2', 'only'] } },
      rules: [
        rule({ ...noBrand1, from: '2026-12-01' }),
        rule({ id: 'only', type: 'require', products: 'price>0', until: '2026-11-30' }),
        rule({ id: 'out-2', type: 'exclude', products: 'brand:"brand 2"', from: '2026-12-24T08:00' }),
      ],
    },
    'error placement "home": From 2026-12-24T08:00 on, its rules leave no product that passes its filter: look at both.',
  ],
  [
    'a filter that only sold-out products pass',
    {
      placements: { home: { filter: 'brand:"brand 1"' } },
      rules: [rule({ id: 'only', type: 'require', products: SOLD_OUT, placements: ['home'] })],
    },
    'warning placement "home": Its rules and filter leave only products that are sold out as the catalogue stands.',
  ],
  [
    'a pin of an unknown product',
    { rules: [pin({ product: 'nobody' })] },
    'error rule "pin": It pins "nobody", which neither the model nor the catalogue knows.',
  ],
  [
    'a pin of a product that is kept out',
    { rules: [pin({}), rule(noBrand1)] },
    `error rule "pin": It pins "${P[1]}", which rule "out" keeps out: it is not shown in answers that name no placement.`,
  ],
  [
    'a pin of a product that is kept out at times',
    { placements: { home: {} }, rules: [pin({ placements: ['home'] }), rule({ ...noBrand1, when: 'price<15' })] },
    `warning rule "pin": It pins "${P[1]}", which rule "out" keeps out: it is not shown in home.`,
  ],
  [
    'a pin of a product that is sold out',
    {
      placements: { home: { filter: 'availability:in_stock' } },
      rules: [pin({ product: P[4], placements: ['home'] })],
    },
    `warning rule "pin": It pins "${P[4]}", which does not pass the filter of placement "home" as the catalogue stands.`,
  ],
  [
    'a pin beyond the list',
    { placements: { home: { count: 4 } }, rules: [pin({ position: 5 })] },
    'warning rule "pin": Position 5 is beyond the 4 products of placement "home".',
  ],
  [
    'two pins of one position',
    { rules: [pin({}), rule({ id: 'pin-2', type: 'pin', product: P[2], position: 1 })] },
    'error rule "pin-2": Rule "pin" pins another product to position 1 in answers that name no placement: this one would get the next.',
  ],
  [
    'two pins of one product',
    { rules: [pin({}), rule({ id: 'pin-2', type: 'pin', product: P[1], position: 2 })] },
    'error rule "pin-2": Rule "pin" pins the same product in answers that name no placement: the first counts.',
  ],
])('%s', (_, file, expected) => {
  test('is found, and nothing else', () => {
    expect(check(file)).toEqual([expected]);
  });
});

test('a filter that is relaxed leaves something, and so does one that asks for values of the query product', () => {
  const rules = [rule(noBrand1)];
  expect(check({ placements: { home: { filter: 'brand:"brand 1"', relax: ['brand'] } }, rules })).toEqual([]);
  expect(check({ placements: { home: { filter: 'brand:"brand 1" AND price<=@' } }, rules })).toEqual([]);
  expect(check({ rules: [rule({ id: 'only', type: 'require', products: SOLD_OUT, when: 'price<15' })] })).toEqual([]);
});

test('two pins of one position do not meet at different times or places', () => {
  const other = { id: 'pin-2', type: 'pin', product: P[2], position: 1 };
  const placements = { home: {}, cart: {} };
  const [november, december] = [{ until: '2026-11-30' }, { from: '2026-12-01' }];
  expect(check({ placements, rules: [pin(november), rule({ ...other, ...december })] })).toEqual([]);
  expect(
    check({ placements, rules: [pin({ placements: ['home'] }), rule({ ...other, placements: ['cart'] })] }),
  ).toEqual([]);
});

test('where nothing is live, names and times alone are looked at', () => {
  const rules = [rule({ ...noBrand1, products: 'colour:red', placements: ['x'] })];
  expect(checkRules(rulesOf({ rules }), undefined, NOW)).toHaveLength(1);
});
