import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes a visit of a visitor for a session, and each product of a hit for a view', async () => {
  const lines = [
    'hitid_high\tvisid\tvisit_num\thit_time_gmt\tevent_list\tproduct_list',
    '1\t71\t1\t1573164919\t2\t;SKU21',
    '0\t71\t1\t1573164666\t2\t;SKU22;1;19.95,;SKU25;2;9.90',
    '2\t71\t2\t1573264666\t2\tShoes;SKU22',
    '3\t71\t2\t1573264667\t2\t;SKU30',
    '4\t71\t2\t1573264668\t2\t',
  ];
  const { sequences, counts } = await sequencesOf({ 'hit_data.tsv': lines.join('\n') });
  expect(sequences).toEqual({ '71|1': ['SKU22', 'SKU25', 'SKU21'], '71|2': ['SKU22', 'SKU30'] });
  expect(counts).toMatchObject({ rows: 5, rejectedRows: 0, skippedWithoutProduct: 1 });
});

it('skips hits without a product beside a condition and a product of your own', async () => {
  const lines = [
    'visid\tvisit_num\thit_time_gmt\tcountry\tpost_product_list',
    '71\t1\t1573164666\tCH\t;A',
    '71\t1\t1573164667\tCH\t',
    '71\t1\t1573164668\tCH\tShoes;B',
    '72\t1\t1573164668\tDE\tShoes;B',
    '73\t1\t1573164668\tDE\t',
  ];
  const own = { format: 'adobe', where: ['country=CH'], columns: { product: 'post_product_list[,][;2]' } };
  const { sequences, counts } = await sequencesOf({ 'hit_data.tsv': lines.join('\n') }, own);
  expect(sequences).toEqual({ '71|1': ['A', 'B'] });
  expect(counts).toMatchObject({ rejectedRows: 0, skippedWithoutProduct: 1, skippedByFilter: 2 });
});

it.each(['post_visid', 'visid'])('takes a visitor of two columns, %s_high and _low', async (name) => {
  const lines = [
    `${name}_high\t${name}_low\tvisit_num\thit_time_gmt\tproduct_list`,
    '7\t1\t1\t1573164919\t;SKU21',
    '7\t1\t1\t1573164666\t;SKU22',
    '7\t2\t1\t1573164666\t;SKU30',
  ];
  for (const request of [{}, { format: 'adobe' }]) {
    const { sequences } = await sequencesOf({ 'hit_data.tsv': lines.join('\n') }, request);
    expect(sequences).toEqual({ '7|1|1': ['SKU22', 'SKU21'] });
  }
});
