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
