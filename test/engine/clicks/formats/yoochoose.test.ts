import { expect, it } from 'vitest';
import { sequencesInFolder } from '../../../support/sequences.ts';

const sequencesOf = sequencesInFolder();

it('has no header and is known by its first line', async () => {
  const lines = [
    '1,2014-04-07T10:54:09.868Z,214536500,0',
    '1,2014-04-07T10:51:09.277Z,214536502,0',
    '2,2014-04-07T13:56:37.614Z,214662742,S',
    '2,2014-04-07T13:57:19.373Z,214662742,0',
    '2,2014-04-07T13:58:37.446Z,214825110,0',
  ];
  const { sequences } = await sequencesOf({ 'yoochoose-clicks.dat': lines.join('\n') });
  expect(sequences).toEqual({ 1: ['214536502', '214536500'], 2: ['214662742', '214825110'] });
});
