import { describe, expect, test } from 'vitest';
import { fitSessionKnn } from '../../../engine/evaluation/fit-session-knn.ts';
import { seededRandom } from '../../../engine/numeric/random.ts';
import { DEFAULT_SESSION_KNN } from '../../../engine/serving-index/session-knn-settings.ts';
import { indexOf, sessionsOf } from '../ranking/example-index.ts';

const PRODUCTS = 60;

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

  test('where nothing follows from anything, the defaults stay', () => {
    const random = seededRandom(3);
    const draws = Array.from({ length: 700 }, () => Array.from({ length: 4 }, () => Math.floor(random() * PRODUCTS)));
    const fitted = fitSessionKnn(indexOf(draws.slice(0, 400), PRODUCTS), sessionsOf(draws.slice(400)));
    expect(fitted?.settings).toEqual(DEFAULT_SESSION_KNN);
    expect(fitted?.after).toBe(fitted?.before);
  });

  test('with too few questions nothing is fitted', () => {
    expect(fitSessionKnn(indexOf([[0, 1]], 2), sessionsOf([[0, 1]]))).toBeUndefined();
  });
});
