import { expect, it } from 'vitest';
import { verdictText } from '../../console/pages/overview/verdict-text.ts';

const REFUSED = { promoted: false, reason: 'Refused: it has no checks.', checks: [] };

it.each([
  ['live', 'Promoted by hand; the gate had refused it: it has no checks.'],
  ['previous', 'Was promoted by hand; the gate had refused it: it has no checks.'],
  ['ready', 'Refused: it has no checks.'],
] as const)('GIVEN a run that the gate refused and that is %s THEN it is said who made it so', (status, said) => {
  expect(verdictText(REFUSED, status)).toBe(said);
});

it('GIVEN a run that the gate promoted THEN its sentence is as it is', () => {
  expect(verdictText({ promoted: true, reason: 'Promoted: it is the first run.', checks: [] }, 'live')).toBe(
    'Promoted: it is the first run.',
  );
});
