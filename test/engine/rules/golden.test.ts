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
