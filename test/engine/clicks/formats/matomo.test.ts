import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes a visit for a session and orders by the server time', async () => {
  const lines = [
    'idVisit\tvisitorId\tserverTimePretty\tserverTimestamp\tproductSku\tproductName',
    '7000\tab\tNov 07, 2019 22:15:19\t1573164919\tSKU-21\tB',
    '7000\tab\tNov 07, 2019 22:11:06\t1573164666\tSKU-22\tA',
    '7001\tab\tNov 07, 2019 23:11:06\t1573168266\tSKU-22\tA',
    '7001\tab\tNov 07, 2019 23:11:07\t1573168267\tSKU-23\tC',
  ];
  const bytes = Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf16le');
  const { sequences } = await sequencesOf({ 'matomo.tsv': bytes });
  expect(sequences).toEqual({ 7000: ['SKU-22', 'SKU-21'], 7001: ['SKU-22', 'SKU-23'] });
});

const HEADER = 'idVisit\tserverTimestamp\tproductSku';

it('skips views of pages, which have no product', async () => {
  const lines = [HEADER, '7000\t1573164666\tA', '7000\t1573164667\t', '7000\t1573164668\tB', '7001\t1573164669\t'];
  const { sequences, counts } = await sequencesOf({ 'matomo.tsv': lines.join('\n') });
  expect(sequences).toEqual({ 7000: ['A', 'B'] });
  expect(counts).toMatchObject({ rows: 4, rejectedRows: 0, skippedWithoutProduct: 2 });
});

it('is refused where no row has a product', async () => {
  const lines = [HEADER, '7000\t1573164666\t', '7000\t1573164667\t'];
  await expect(sequencesOf({ 'matomo.tsv': lines.join('\n') })).rejects.toThrow(
    'No row has a product and counts: "productSku" is empty in 2 rows.',
  );
});
