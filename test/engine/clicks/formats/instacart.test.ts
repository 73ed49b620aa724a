import { csvParse } from 'd3-dsv';
import { expect, it } from 'vitest';
import { readCase, sequencesInFolder, sequencesOfViews } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('orders by the number in the cart: 10 after 9', async () => {
  const rows = Array.from({ length: 11 }, (_, i) => `5,${100 + i},${i + 1},0`).reverse();
  const { sequences } = await sequencesOf({
    'order_products__prior.csv': ['order_id,product_id,add_to_cart_order,reordered', ...rows].join('\n'),
  });
  expect(sequences).toEqual({ 5: Array.from({ length: 11 }, (_, i) => String(100 + i)) });
});

it('reads the orders of a file', async () => {
  const rows = csvParse(readCase('instacart/order_products__prior.csv').toString());
  const views = rows.map((row) => ({
    session: row['order_id']!,
    product: row['product_id']!,
    at: Number(row['add_to_cart_order']),
  }));
  const { sequences } = await sequencesOf({ 'a.csv': readCase('instacart/order_products__prior.csv') });
  expect(sequences).toEqual(sequencesOfViews(views));
});
