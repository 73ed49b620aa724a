import { describe, expect, test } from 'vitest';
import { measureRules, type ShownLists } from '../../../engine/evaluation/rules-effect.ts';

const ids = Array.from({ length: 40 }, (_, product) => `p${product}`);
const numberOf = new Map(ids.map((id, product) => [id, product]));
const list = (from: number, length = 20) => Array.from({ length }, (_, i) => from + i);
const asked = (...products: string[]) => ({ products, isAsked: products.slice(1).map(() => true) });
const shown = (count: number, answer: ShownLists['answer']): ShownLists => ({ count, answer });
/** 100 sessions of p0, p1, p2: two questions each, whose answers are 1 and 2. */
const SESSIONS = Array.from({ length: 100 }, () => asked('p0', 'p1', 'p2'));

describe('the effect of a draft', () => {
  test('is nothing where nothing changes', () => {
    const same = { count: 20, answer: () => list(1) };
    const effect = measureRules(SESSIONS, { live: same, draft: same }, numberOf, 1);
    expect(effect).toMatchObject({ sessions: 100, questions: 200, changedShare: 0, shortShare: { live: 0, draft: 0 } });
    const none = { value: 0, low: 0, high: 0 };
    expect(effect.HR).toMatchObject({ live: { value: 1 }, difference: none });
    expect(effect.MRR.difference).toEqual(none);
    expect(effect.coverage).toMatchObject({ live: { value: 0.5 }, difference: none });
  });

  test('is the difference of both on the same questions', () => {
    // Live: p1 first, p2 second. Draft: p1 is gone and p2 leads; half as many products.
    const effect = measureRules(
      SESSIONS,
      { live: shown(20, () => list(1)), draft: shown(20, () => list(2, 10)) },
      numberOf,
      1,
    );
    expect(effect.HR).toMatchObject({
      live: { value: 1 },
      draft: { value: 0.5 },
      difference: { value: -0.5, low: -0.5, high: -0.5 },
    });
    // Live: (1 + 1/2) / 2. Draft: (0 + 1) / 2.
    expect(effect.MRR).toMatchObject({
      live: { value: 0.75 },
      draft: { value: 0.5 },
      difference: { value: -0.25 },
    });
    expect(effect.coverage).toMatchObject({
      live: { value: 0.5 },
      draft: { value: 0.25 },
      difference: { value: -0.25 },
    });
    expect(effect).toMatchObject({ changedShare: 1, shortShare: { live: 0, draft: 1 } });
  });

  test('is that on what is asked alone', () => {
    // Only what comes third is asked, and p2 is second in one and first in the other.
    const sessions = SESSIONS.map(({ products }) => ({ products, isAsked: [false, true] }));
    const effect = measureRules(
      sessions,
      { live: shown(20, () => list(1)), draft: shown(20, () => list(2)) },
      numberOf,
      1,
    );
    expect(effect).toMatchObject({ sessions: 100, questions: 100, changedShare: 1 });
    expect(effect.MRR).toMatchObject({ live: { value: 0.5 }, draft: { value: 1 } });
  });

  test('is that of what is shown, where fewer are to be shown', () => {
    const effect = measureRules(
      SESSIONS,
      { live: shown(3, () => list(0, 3)), draft: shown(2, () => list(0, 2)) },
      numberOf,
      1,
    );
    expect(effect.count).toEqual({ live: 3, draft: 2 });
    // p1 stands second and p2 third: both are shown, and of two products the first alone.
    expect(effect.HR).toMatchObject({ live: { value: 1 }, draft: { value: 0.5 }, difference: { value: -0.5 } });
    expect(effect.MRR.live.value).toBeCloseTo((1 / 2 + 1 / 3) / 2, 10);
    expect(effect.MRR.draft.value).toBeCloseTo(1 / 2 / 2, 10);
    expect(effect.coverage).toMatchObject({ live: { value: 3 / 40 }, draft: { value: 2 / 40 } });
    expect(effect).toMatchObject({ changedShare: 1, shortShare: { live: 0, draft: 0 } });
  });

  test('has an interval that holds the truth where sessions differ', () => {
    // The draft loses the answer in every second session.
    const sessions = Array.from({ length: 200 }, (_, s) => asked(`p${30 + (s % 2)}`, 'p1'));
    const draft = (viewed: readonly string[]) => (viewed[0] === 'p30' ? list(1) : list(2));
    const { difference } = measureRules(
      sessions,
      { live: shown(20, () => list(1)), draft: shown(20, draft) },
      numberOf,
      1,
    ).HR;
    expect(difference.value).toBe(-0.5);
    // 1.96 · √(0.25 / 200) = 0.069
    expect(difference.low).toBeCloseTo(-0.57, 1);
    expect(difference.high).toBeCloseTo(-0.43, 1);
  });
});
