import { describe, expect, test } from 'vitest';
import { fitSessionKnn } from '../../../engine/evaluation/fit-session-knn.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { DEFAULT_SESSION_KNN } from '../../../engine/serving-index/session-knn-settings.ts';
import { indexOf, sessionsOf } from '../ranking/example-index.ts';

const PRODUCTS = 60;
const SHOPS = 20;

describe('fitting session-kNN', () => {
  test('where shoppers only ever go on, what was viewed before counts less', () => {
    const random = seededRandom(2);
    // A walk along a ring: whoever was at p goes on to p + 1 or p + 2, never back.
    const walks = Array.from({ length: 700 }, () => {
      let at = Math.floor(random() * PRODUCTS);
      return Array.from({ length: 6 }, () => {
        at = (at + 1 + Math.floor(random() * 2)) % PRODUCTS;
        return at;
      });
    });
    const fitted = fitSessionKnn(indexOf(walks.slice(0, 400), PRODUCTS), sessionsOf(walks.slice(400)));
    expect(fitted?.settings.backwardShare).toBe(0.25);
    expect(fitted?.after).toBeGreaterThan(fitted?.before ?? 1);
  });

  test('where nothing follows from anything, at most one setting in twenty moves', () => {
    const names = Object.keys(DEFAULT_SESSION_KNN) as (keyof typeof DEFAULT_SESSION_KNN)[];
    let moved = 0;
    for (let seed = 0; seed < SHOPS; seed++) {
      const random = seededRandom(seed);
      const draws = Array.from({ length: 700 }, () => Array.from({ length: 4 }, () => Math.floor(random() * PRODUCTS)));
      const { settings, before, after } = fitSessionKnn(
        indexOf(draws.slice(0, 400), PRODUCTS),
        sessionsOf(draws.slice(400)),
      )!;
      const differing = names.filter((name) => settings[name] !== DEFAULT_SESSION_KNN[name]);
      expect(after > before).toBe(differing.length > 0);
      moved += differing.length;
    }
    expect(moved).toBeLessThanOrEqual((SHOPS * names.length) / 20);
  });

  test('with too few questions nothing is fitted', () => {
    expect(fitSessionKnn(indexOf([[0, 1]], 2), sessionsOf([[0, 1]]))).toBeUndefined();
  });
});
