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
  const { sequences, rejected } = await sequencesOf(
    { 'hit_data.tsv': lines.join('\n') },
    { settings: { max_rejected_share: 0.5 } },
  );
  expect(sequences).toEqual({ '71|1': ['SKU22', 'SKU25', 'SKU21'], '71|2': ['SKU22', 'SKU30'] });
  expect(rejected).toEqual([[6, 'product_list[,][;2]', 'has no id']]);
});
