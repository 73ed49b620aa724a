import { expect, it } from 'vitest';
import { readCase, sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes views, and rejects rows without a session with their line', async () => {
  const lines = [
    'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session',
    '2019-10-01 03:30:18 UTC,view,1001295,2053013555631882660,a.b,,44.99,500000023,fc891b4a-6a50-df4d-b4d6-6a3a47469a4d',
    '2019-10-01 03:29:26 UTC,view,1001258,2053013555631882660,a.b,,44.99,500000023,fc891b4a-6a50-df4d-b4d6-6a3a47469a4d',
    '2019-10-01 03:29:44 UTC,cart,1001258,2053013555631882660,a.b,,44.99,500000023,fc891b4a-6a50-df4d-b4d6-6a3a47469a4d',
    '2019-10-01 03:29:45 UTC,view,1001258,2053013555631882660,a.b,,44.99,500000023,',
  ];
  const { sequences, rejected, counts } = await sequencesOf(
    { '2019-Oct.csv': lines.join('\n') },
    { settings: { max_rejected_share: 0.5 } },
  );
  expect(sequences).toEqual({ 'fc891b4a-6a50-df4d-b4d6-6a3a47469a4d': ['1001258', '1001295'] });
  expect(rejected).toEqual([[5, 'user_session', 'has no id']]);
  expect(counts['skippedByEvent']).toBe(1);
});

it('counts other events when they are asked for', async () => {
  const file = { '2019-Oct.csv': readCase('kaggle-multicategory/2019-Oct.csv') };
  const { counts } = await sequencesOf(file, {
    format: 'rees46',
    columns: { events: { view: 1, cart: 3, purchase: 5 } },
  });
  expect(counts).toMatchObject({ rows: 698, rejectedRows: 2 });
  expect(counts).not.toHaveProperty('skippedByEvent');
});
