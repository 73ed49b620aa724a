import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes what a customer bought on a day for a session', async () => {
  const lines = [
    't_dat,customer_id,article_id,price,sales_channel_id',
    '2018-09-20,000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318,0663713001,0.05,2',
    '2018-09-20,000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318,0541518023,0.03,2',
    '2018-09-21,000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318,0541518023,0.03,2',
    '2018-09-21,000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318,0663713001,0.03,2',
  ];
  const { sequences } = await sequencesOf({ 'transactions_train.csv': lines.join('\n') });
  const customer = '000058a12d5b43e67d225668fa1f8d618c13dc232df0cad8ffe7ad4a1091e318';
  expect(sequences).toEqual({
    [`${customer}|2018-09-20`]: ['0663713001', '0541518023'],
    [`${customer}|2018-09-21`]: ['0541518023', '0663713001'],
  });
});
