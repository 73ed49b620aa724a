import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('has no header; page views count, half an hour ends a session', async () => {
  const lines = [
    '1,2268318,2520377,pv,1511544070',
    '1,2333346,2520771,pv,1511544080',
    '1,2576651,149192,cart,1511544090',
    '1,3830808,4181361,pv,1511593493',
    '1,4365585,2520377,pv,1511593500',
  ];
  const { sequences, counts } = await sequencesOf({ 'UserBehavior.csv': lines.join('\n') });
  expect(sequences).toEqual({ 1: ['2268318', '2333346'], '1#2': ['3830808', '4365585'] });
  expect(counts['skippedByEvent']).toBe(1);
});
