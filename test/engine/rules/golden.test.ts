import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import { publishedRulesSchema } from '../../../engine/rules/published-rules.ts';
import { validityOf } from '../../../engine/rules/rules-file.ts';

/** A file of rules as the first release with rules published it. It is never changed. */
const file = readFileSync(join(import.meta.dirname, 'golden/rules-1.json'));

test('published rules of the first form are read, each kind of them', () => {
  const { publication, timeZone, placements, rules } = decodeJsonArtifact(file, 'rules-1.json', publishedRulesSchema);
  expect(publication).toMatchObject({ author: 'Ana Ruiz', effect: null });
  expect(placements['pdp-similar']).toMatchObject({ strategy: 'blend', count: 8, relax: ['price'] });
  expect(placements['pdp-similar'].rules).toEqual(['in-stock', 'own-brand']);
  expect(rules.map(({ id, type }) => [id, type])).toEqual([
    ['in-stock', 'require'],
    ['own-brand', 'boost'],
    ['far', 'bury'],
    ['recalled', 'exclude'],
    ['hero', 'pin'],
    ['mix', 'diversify'],
  ]);
  expect(rules[3]).toMatchObject({ products: { ids: ['B/2'] } });
  // Zurich is an hour ahead of UTC in winter.
  expect(validityOf(rules[1], timeZone)).toEqual({
    fromMs: Date.UTC(2026, 10, 30, 23),
    untilMs: Date.UTC(2026, 11, 24, 17),
  });
});

test('an effect of the first form is read: it was of lists of 20 products', () => {
  const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
  const change = { live: estimate(0.516), draft: estimate(0.501), difference: estimate(-0.015) };
  const placement = {
    placement: 'cart',
    isLive: true,
    sessions: 400,
    questions: 1_500,
    'HR@20': change,
    'MRR@20': change,
    coverage: change,
    changedShare: 0.5,
    shortShare: { live: 0, draft: 0.1 },
  };
  const effect = { runId: 'r', liveRules: null, at: '2026-11-26T00:00:00.000Z', placements: [placement] };
  const { publication, ...rules } = JSON.parse(file.toString());
  const bytes = Buffer.from(JSON.stringify({ ...rules, publication: { ...publication, effect } }));
  const read = decodeJsonArtifact(bytes, 'rules-1.json', publishedRulesSchema).publication.effect?.placements[0];
  const { 'HR@20': HR, 'MRR@20': MRR, ...others } = placement;
  expect(read).toEqual({ ...others, HR, MRR, count: { live: 20, draft: 20 } });
});
