import { expect, it } from 'vitest';
import { readCase, sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('orders by day, then by milliseconds as numbers', async () => {
  const file = { 'train-item-views.csv': readCase('diginetica/train-item-views.csv') };
  const expected: Record<string, string[]> = JSON.parse(readCase('diginetica/expected-sequences.json').toString());
  const { sequences } = await sequencesOf(file);
  const collapsed = Object.entries(expected)
    .filter(([, products]) => products.length > 1)
    .map(([session, products]) => [session, products.filter((product, i) => product !== products[i - 1])]);
  expect(sequences).toEqual(Object.fromEntries(collapsed));
});
