import { expect, it } from 'vitest';
import { readCase, sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('cuts the visits of a visitor at half an hour', async () => {
  const lines = [
    'timestamp,visitorid,event,itemid,transactionid',
    '1571751039000,257661,view,356018,',
    '1571751053000,257661,view,356029,',
    '1571751054000,257661,addtocart,356029,',
    '1571752854000,257661,view,356031,',
    '1571752855000,257661,view,356018,',
    '1571751000000,9,view,1,',
  ];
  const { sequences, counts } = await sequencesOf({ 'events.csv': lines.join('\n') });
  // 1,801 s after the view before it: the cart in between does not count.
  expect(sequences).toEqual({ 257661: ['356018', '356029'], '257661#2': ['356031', '356018'] });
  expect(counts).toMatchObject({ sessions: 3, cutSessions: 1, skippedByEvent: 1 });
});

it('finds 259 visits of 84 visitors', async () => {
  const { counts } = await sequencesOf({ 'events.csv': readCase('retailrocket/events.csv') });
  expect(counts).toMatchObject({ sessions: 259, cutSessions: 259 - 84 });
});
