import { expect, it } from 'vitest';
import { draftedIds, notInForce } from '../../console/pages/explore/not-in-force.ts';

const rule = (id: string, fields: object = {}) => ({ id, type: 'exclude', state: 'active', fault: null, ...fields });
const rulesOf = (...rules: object[]) => ({ timeZone: 'UTC', placements: [], rules }) as never;

it('GIVEN rules of a draft that are in force everywhere THEN nothing is said', () => {
  expect(notInForce(rulesOf(rule('live', { placements: ['cart'] }), rule('draft-1')), ['draft-1'])).toEqual([]);
});

it('GIVEN a rule for placements, or for another time THEN it is said why it changes nothing', () => {
  const rules = rulesOf(
    rule('a', { placements: ['cart', 'home'] }),
    rule('b', { state: 'upcoming', from: '2027-01-01', timeZone: 'Europe/Berlin' }),
    rule('c', { state: 'expired', until: '2026-01-01' }),
  );
  expect(notInForce(rules, ['a', 'b', 'c'])).toEqual([
    'Rule a does not apply here: it is for cart, home, and this page names no placement. Take "placements" out to try it.',
    'Rule b is not in force now: it applies from 2027-01-01 (Europe/Berlin).',
    'Rule c is not in force now: it applies until 2026-01-01 (UTC).',
  ]);
});

it('GIVEN a rule or a list of them THEN their ids are those that the server gives', () => {
  expect(draftedIds('{"type": "pin"}')).toEqual(['draft-1']);
  expect(draftedIds('[{"id": "own"}, {}]')).toEqual(['own', 'draft-2']);
});
