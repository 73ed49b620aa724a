import { expect, test } from 'vitest';
import { joinCatalogue } from '../../../engine/catalogue/join.ts';
import { checkPins } from '../../../engine/rules/check-pins.ts';
import { ProductWorld } from '../../../engine/rules/product-world.ts';
import { catalogueOf } from '../../support/published-catalogue.ts';
import { walkingIndex } from '../ranking/walking-index.ts';
import { rule, rulesOf } from './example-world.ts';

/** The first is sold out; the second and the third are variants of each other, and so are the first and the fourth. */
const index = walkingIndex(6, 20);
const [SOLD_OUT, SMALL, LARGE, OTHER] = index.productIds;
const FEED = [SOLD_OUT, SMALL, LARGE, OTHER].map((id, i) => ({
  id,
  brand: 'Acme',
  availability: i === 0 ? 'out_of_stock' : 'in_stock',
  item_group_id: ['cap', 'shirt', 'shirt', 'cap'][i],
}));
const world = new ProductWorld(index, joinCatalogue(catalogueOf(FEED), index.productIds));

const NOW_MS = Date.UTC(2026, 10, 20);
const check = (file: object, products = world) =>
  checkPins(rulesOf(file), products, NOW_MS).map(({ level, where, message }) => `${level} ${where}: ${message}`);
const pin = (id: string, product: string, fields: object = {}) =>
  rule({ id, type: 'pin', product, position: 1, ...fields });

test('a product that is sold out is not shown, but where a filter speaks of availability', () => {
  const placements = { home: {}, cart: { filter: 'brand:Acme' }, soon: { filter: 'availability:out_of_stock' } };
  expect(check({ placements, rules: [pin('a', SOLD_OUT)] })).toEqual([
    `warning rule "a": It pins "${SOLD_OUT}", which is sold out as the catalogue stands: it is not shown in answers that name no placement, home, cart.`,
  ]);
  expect(check({ placements, rules: [pin('a', SOLD_OUT, { placements: ['soon'] })] })).toEqual([]);
  expect(check({ rules: [pin('a', SMALL)] })).toEqual([]);
});

test('of two variants one is shown', () => {
  const rules = [pin('a', SMALL), pin('b', LARGE, { position: 3 })];
  expect(check({ rules })).toEqual([
    'warning rule "b": Rule "a" pins a variant of the same product in answers that name no placement: one of them is shown.',
  ]);
  const [november, december] = [{ until: '2026-11-30' }, { from: '2026-12-01' }];
  expect(check({ rules: [pin('a', SMALL, november), pin('b', LARGE, december)] })).toEqual([]);
  expect(check({ rules: [pin('a', SMALL), pin('b', OTHER, { position: 3 })] })).toEqual([]);
});

test('without a catalogue nothing is sold out, and there are no variants', () => {
  const rules = [pin('a', SOLD_OUT), pin('b', SMALL, { position: 2 }), pin('c', LARGE, { position: 3 })];
  expect(check({ rules }, new ProductWorld(index, undefined))).toEqual([]);
});

const LAST_SUMMER = { until: '2026-08-31' };
test.each([
  { what: 'a rule that kept its product out', over: rule({ type: 'exclude', products: [SMALL], ...LAST_SUMMER }) },
  { what: 'a rule that let others in alone', over: rule({ type: 'require', products: [OTHER], ...LAST_SUMMER }) },
  { what: 'a pin of its place', over: pin('b', OTHER, LAST_SUMMER) },
  { what: 'a pin of its variant', over: pin('b', LARGE, { position: 3, ...LAST_SUMMER }) },
  { what: 'a pin of a product that is gone', over: pin('b', 'gone', { position: 3, ...LAST_SUMMER }) },
  {
    what: 'a rule that ends before it begins',
    over: rule({ type: 'exclude', products: [SMALL], from: '2027-02-01', until: '2027-01-01' }),
  },
])('GIVEN $what, which is over THEN nothing is said of the pin', ({ over }) => {
  expect(check({ rules: [pin('a', SMALL), over] })).toEqual([]);
  expect(check({ rules: [over, pin('a', SMALL)] })).toEqual([]);
});

test('GIVEN a rule that keeps the product out from a later day on THEN it is said', () => {
  const later = rule({ id: 'later', type: 'exclude', products: [SMALL], from: '2026-12-01' });
  expect(check({ rules: [pin('a', SMALL), later] })).toEqual([
    `error rule "a": It pins "${SMALL}", which rule "later" keeps out: it is not shown in answers that name no placement.`,
  ]);
});
