import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

const HEADER = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country';

it('takes invoices for sessions, leaves cancellations out, and reads Latin-1 by itself', async () => {
  const lines = [
    HEADER,
    '489434,22442A,"HEARTS, \xa35",6,13/10/2019 03:29,4.40,13108.0,UK',
    '489434,22455B,X,8,13/10/2019 03:30,4.50,13108.0,UK',
    'C489435,22455B,X,-8,14/10/2019 03:30,4.50,13108.0,UK',
    '489436,22455B,X,1,02/11/2019 09:00,4.50,13108.0,UK',
    '489436,22442A,X,1,02/11/2019 08:00,4.50,13108.0,UK',
  ];
  const file = { 'online_retail_II.csv': Buffer.from(lines.join('\n'), 'latin1') };
  const { sequences, counts } = await sequencesOf(file);
  expect(sequences).toEqual({ 489434: ['22442A', '22455B'], 489436: ['22442A', '22455B'] });
  expect(counts).toMatchObject({ rows: 5, rejectedRows: 0, skippedByFilter: 1 });
});

it('takes customers by day first, when asked', async () => {
  const columns = { session: 'Customer ID' };
  const lines = [HEADER, '1,B,X,1,02/11/2019 09:00,1,7.0,UK', '2,A,X,1,13/10/2019 09:00,1,7.0,UK'];
  const { sequences } = await sequencesOf({ 'a.csv': lines.join('\n') }, { format: 'online-retail', columns });
  expect(sequences).toEqual({ 7: ['A', 'B'] });
});

it('asks when no date tells the day from the month', async () => {
  const lines = [HEADER, '1,B,X,1,02/11/2019 09:00,1,7,UK', '1,A,X,1,03/10/2019 09:00,1,7,UK'];
  await expect(sequencesOf({ 'a.csv': lines.join('\n') })).rejects.toThrow(/none tells whether.*--day-first/);
  const { sequences } = await sequencesOf(
    { 'a.csv': lines.join('\n') },
    { format: 'online-retail', columns: { dayFirst: true } },
  );
  expect(sequences).toEqual({ 1: ['A', 'B'] });
});
