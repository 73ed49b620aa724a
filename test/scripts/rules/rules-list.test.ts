import { expect, test } from 'vitest';
import { measureRules } from '../../../engine/evaluation/rules-effect.ts';
import { tableOfRules } from '../../../scripts/rules/rules-list.ts';

test('a version is listed with the hit rate of what each placement shows', () => {
  const numberOf = new Map([0, 1, 2].map((product) => [`p${product}`, product]));
  const sessions = [{ products: ['p0', 'p1'], isAsked: [true] }];
  const live = { count: 2, answer: () => [1, 2] };
  const draft = { count: 1, answer: () => [2] };
  const placement = { placement: 'home', isLive: true, ...measureRules(sessions, { live, draft }, numberOf, 1) };
  const effect = { runId: 'run-1', liveRules: null, at: '2026-11-26T00:00:00.000Z', placements: [placement] };
  const publication = { version: 'v1', publishedAt: '2026-11-26T00:00:00.000Z', author: 'Ana', note: 'first', effect };
  const rules = { timeZone: 'UTC', placements: {}, rules: [], publication };
  expect(tableOfRules([{ version: 'v1', status: 'live', rules }], '')).toContain('Ana     first  home HR@2 −1.000');
});

test('GIVEN a note of several lines THEN a version is one line of the list all the same', () => {
  const note = 'spring sale:\n\tshoes first,\r\nthen hats\u001b[31m';
  const publication = { version: 'v1', publishedAt: '2026-11-26T00:00:00.000Z', author: 'Ana', note, effect: null };
  const rules = { timeZone: 'UTC', placements: {}, rules: [], publication };
  const lines = tableOfRules([{ version: 'v1', status: 'live', rules }], '')
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('Ana     spring sale: shoes first, then hats[31m  not measured');
});
