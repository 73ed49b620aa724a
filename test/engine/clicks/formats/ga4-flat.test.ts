import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('takes view_item rows; a session is a user and its ga_session_id', async () => {
  const lines = [
    'event_timestamp,event_name,user_pseudo_id,ga_session_id,item_id',
    '1793500030000000,view_item,u1,5,B',
    '1793500010000000,view_item,u1,5,A',
    '1793500020000000,page_view,u1,5,',
    '1793500010000000,view_item,u2,5,C',
    '1793500011000000,view_item,u2,5,A',
  ];
  const { sequences, counts } = await sequencesOf({ 'ga4.csv': lines.join('\n') });
  expect(sequences).toEqual({ 'u1|5': ['A', 'B'], 'u2|5': ['C', 'A'] });
  expect(counts).toMatchObject({ rejectedRows: 0, skippedByEvent: 1 });
});
