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

const HEADER_352 = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const ROWS = [
  '1,B,X,1,13/10/2019 09:00,1,7,UK',
  'C2,B,X,-1,13/10/2019 10:00,1,7,UK',
  '3,A,X,1,02/11/2019 09:00,1,7,UK',
  '3,B,X,1,03/11/2019 09:00,1,7,UK',
  '4,C,X,1,03/11/2019 09:00,1,,UK',
];

it.each([{}, { format: 'online-retail' }])('reads the header of UCI 352 as well: %j', async (request) => {
  const { sequences, counts } = await sequencesOf({ 'a.csv': [HEADER_352, ...ROWS].join('\n') }, request);
  expect(sequences).toEqual({ 3: ['A', 'B'] });
  expect(counts).toMatchObject({ rows: 5, skippedByFilter: 1, rejectedRows: 0 });
});

it.each([
  ['Customer ID', HEADER, { columns: { session: 'Customer ID' } }],
  ['and time', HEADER, { columns: { session: 'Customer ID', time: ['InvoiceDate'] } }],
  ['and format', HEADER, { columns: { session: 'Customer ID' }, format: 'online-retail' }],
  ['a filter of its own', HEADER, { columns: { session: 'Customer ID' }, where: ['Quantity>0'] }],
  ['CustomerID', HEADER_352, { columns: { session: 'CustomerID' } }],
  ['a user', HEADER_352, { columns: { user: 'CustomerID', gapSeconds: 10_000_000 } }],
])('keeps the rest where the customer is the session, and skips rows without one: %s', async (_, header, request) => {
  const { sequences, counts } = await sequencesOf({ 'a.csv': [header, ...ROWS].join('\n') }, request);
  expect(Object.values(sequences)).toEqual([['B', 'A', 'B']]);
  expect(counts).toMatchObject({ skippedByFilter: 2, rejectedRows: 0 });
});

it.each([{}, { format: 'online-retail' }, { columns: { session: 'Foo' } }])(
  'names the format and a command where it has another session: %j',
  async (request) => {
    const lines = (name: string) => ({ 'a.csv': [HEADER.replace('Invoice', name), ...ROWS].join('\n') });
    await expect(sequencesOf(lines('Order ID'), request)).rejects.toThrow(
      "--data FILE --format online-retail --session 'Order ID'",
    );
    await expect(sequencesOf(lines('Bon'), request)).rejects.toThrow(
      /--format online-retail --session COLUMN\nIn place of COLUMN put one of "Bon", /,
    );
  },
);
