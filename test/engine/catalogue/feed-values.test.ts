import { expect, test } from 'vitest';
import { amountOf } from '../../../engine/catalogue/amounts.ts';
import {
  availabilityOf,
  currencyOf,
  fieldNameOf,
  isLink,
  linksOf,
  pathOf,
  priceOf,
  textsOf,
} from '../../../engine/catalogue/feed-values.ts';

test.each([
  ['15.00 USD', 15, 'USD'],
  ['USD 15', 15, 'USD'],
  ['15.00', 15, undefined],
  ['0', 0, undefined],
  ['€ 12,50', 12.5, 'EUR'],
  ['12,50 €', 12.5, 'EUR'],
  ['12,5', 12.5, undefined],
  ['1,299.00 gbp', 1299, 'GBP'],
  ['1.299,00 EUR', 1299, 'EUR'],
  ['1,299,000', 1299000, undefined],
  ['1\u00a0EUR', 1, 'EUR'],
  ['1 299,00 €', 1299, 'EUR'],
  ['1\u00a0299,00\u00a0€', 1299, 'EUR'],
  ['1\u202f299\u202f000,50 EUR', 1299000.5, 'EUR'],
  ["CHF 1'299.00", 1299, 'CHF'],
  ['1’299.50', 1299.5, undefined],
  ['₹1,29,900.00', 129900, 'INR'],
  ['1,29,900', 129900, undefined],
  ['129 kr', 129, 'kr'],
  ['1.299,- kr.', 1299, 'kr'],
  ['US$12.90', 12.9, 'USD'],
  ['12,-', 12, undefined],
  ['Fr. 12.–', 12, 'CHF'],
  ['49,90 zł', 49.9, 'PLN'],
  // No group follows a leading zero, or more than three digits.
  ['0,999 €', 0.999, 'EUR'],
  ['0,500', 0.5, undefined],
  ['1299,000', 1299, undefined],
  ['1 299.000', 1299, undefined],
])('the price %j is %d', (text, amount, currency) => {
  const price = priceOf(text)!;
  expect([amountOf(price.amount)?.value, price.currency]).toEqual([amount, currency]);
});

test.each([
  ['1.299', '.', 1.299, 1299],
  ['12,500', ',', 12.5, 12500],
])('%j may be two amounts', (text, sign, asDecimal, asGroups) => {
  // Alone, three digits behind a dot are a fraction, as in any number.
  const value = sign === '.' ? asDecimal : asGroups;
  expect(amountOf(text)).toEqual({ value, either: { sign, asDecimal, asGroups } });
});

test.each(
  ['', 'free', '-3', '1.2.3', '1,29,00', '12 34', '12 EURO', 'NaN', 'Infinity', '1e3', '٣', '12 pcs', '3 of 5'].concat([
    ...['0 999', '0.999.000', '1.299.000.50', '12345,678.90', '1.299,000,00', '12.', '.99', '5 - 10', '€ 12 pcs'],
  ]),
)('%j is no price', (text) => {
  expect(priceOf(text)).toBeUndefined();
});

test.each([
  ['12,50 €', 'EUR'],
  ['£3', 'GBP'],
  ['$3', '$'],
  ['usd 3', 'USD'],
  // As Shopify writes prices "with currency".
  ['$12.90 USD', 'USD'],
  ['£3.00 GBP', 'GBP'],
  ['AUD 3 $', 'AUD'],
  ['3', undefined],
  ['cheap', undefined],
])('the currency of %j is %j', (text, currency) => {
  expect(currencyOf(text)).toBe(currency);
});

test.each([
  ['in stock', 'in_stock'],
  ['in_stock', 'in_stock'],
  ['InStock', 'in_stock'],
  ['https://schema.org/InStock', 'in_stock'],
  ['http://schema.org/SoldOut', 'out_of_stock'],
  ['Out of stock', 'out_of_stock'],
  ['pre-order', 'preorder'],
  ['backorder', 'backorder'],
  ['17', 'in_stock'],
  ['3.0', 'in_stock'],
  ['0', 'out_of_stock'],
  ['-2', 'out_of_stock'],
  // Magento's decimals, goods that are sold by the metre, thousands.
  ['100.0000', 'in_stock'],
  ['12.5', 'in_stock'],
  ['0,75', 'in_stock'],
  ['1,000', 'in_stock'],
  ['1 000', 'in_stock'],
  ['-3.5000', 'out_of_stock'],
  ['0.0000', 'out_of_stock'],
  ['10+', 'in_stock'],
  ['4006381333931', undefined],
  ['3 of 5', undefined],
  ['Y', 'in_stock'],
  ['n', 'out_of_stock'],
  ['Low stock', 'in_stock'],
  ['https://schema.org/Reserved', 'out_of_stock'],
  ['1e3', undefined],
  ['constructor', undefined],
  ['maybe', undefined],
])('the availability %j is %j', (text, availability) => {
  expect(availabilityOf(text)).toBe(availability);
});

test.each([
  ['g:Image Link', 'image_link'],
  ['Product-Type', 'product_type'],
  [' id ', 'id'],
])('the column %j is the field %j', (column, field) => {
  expect(fieldNameOf(column)).toBe(field);
});

test('a category has its levels from the widest on', () => {
  expect(pathOf(' Home>Garden  > Tools >')).toBe('Home > Garden > Tools');
});

test('a cell has the values that are not empty', () => {
  expect(textsOf([' a ', null, 3, ['b', '']])).toEqual(['a', '3', 'b']);
  expect(textsOf('  ')).toEqual([]);
});

test.each([
  ['https://shop.example/p/1', true],
  ['HTTP://shop.example', true],
  ['/p/1.jpg', true],
  ['//evil.example/x', false],
  ['/\\evil.example', false],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['https://', false],
  ['p/1', false],
])('%j is a link: %j', (text, expected) => {
  expect(isLink(text)).toBe(expected);
});

test.each([
  ['https://s.example/a.jpg, https://s.example/b.jpg', ['https://s.example/a.jpg', 'https://s.example/b.jpg']],
  [
    'https://s.example/a.jpg|HTTP://s.example/b.jpg;https://s.example/c.jpg',
    ['https://s.example/a.jpg', 'HTTP://s.example/b.jpg', 'https://s.example/c.jpg'],
  ],
  ['/m/a.jpg,/m/b.jpg', ['/m/a.jpg', '/m/b.jpg']],
  // One link each, with the same signs inside.
  ['https://i.example/w_300,h_200/a.jpg?x=1;y=2', ['https://i.example/w_300,h_200/a.jpg?x=1;y=2']],
  ['https://i.example/fetch/https://s.example/a.jpg', ['https://i.example/fetch/https://s.example/a.jpg']],
  ['data:image/jpeg;base64,/9j/4AAQ', ['data:image/jpeg;base64,/9j/4AAQ']],
])('the links of %j are %j', (text, links) => {
  expect(linksOf(text)).toEqual(links);
});
