import { describe, expect, it } from 'vitest';
import { compareOnReference, compareWithReported } from '../../../engine/evaluation/compare-on-reference.ts';
import {
  answerSessions,
  questionsOf,
  sampleQuestions,
  sampleSessions,
  withoutSessions,
} from '../../../engine/evaluation/reference-sessions.ts';
import { corpusOf, indexOf } from '../ranking/example-index.ts';

const IDS = ['a', 'b', 'c', 'd'];
const [a, b, c, d] = [0, 1, 2, 3];
const shop = (sessions: number[][]) =>
  corpusOf(
    IDS,
    IDS.map(() => 1),
    sessions,
  );

describe('reference sessions', () => {
  it('are sampled from the held-out ones that ask something, without immediate repeats, evenly over time', () => {
    const corpus = shop([
      [a, d],
      [a, a, b],
      [c, c],
      [b, c],
      [c, d],
      [d, a],
    ]);
    expect(sampleSessions(corpus, 1)).toEqual([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
      ['d', 'a'],
    ]);
    expect(sampleSessions(corpus, 1, 2)).toEqual([
      ['b', 'c'],
      ['d', 'a'],
    ]);
  });

  it('are those with a question that is asked, where not every view is', () => {
    const corpus = shop([
      [a, b, b, c],
      [c, d],
      [d, c],
    ]);
    // c is bought in the first session, d in the second; b, and c in the third, are views.
    const isAsked = Uint8Array.of(0, 0, 0, 1, 0, 1, 0, 0);
    expect(sampleQuestions({ ...corpus, isAsked }, 0)).toEqual([
      { products: ['a', 'b', 'c'], isAsked: [false, true] },
      { products: ['c', 'd'], isAsked: [true] },
    ]);
  });

  it('ask for each product that was not viewed before', () => {
    expect([...questionsOf(['a', 'b', 'a', 'c'])]).toEqual([
      { viewed: ['a'], target: 'b' },
      { viewed: ['a', 'b', 'a'], target: 'c' },
    ]);
  });

  it('are answered with the place in the list as served, or with nothing where the product is not known', () => {
    // After product 0 came 1 twice and 2 once.
    const index = indexOf(
      [
        [0, 1],
        [0, 1],
        [0, 2],
      ],
      3,
    );
    const ask = (...sessions: string[][]) => answerSessions(index, 'markov', sessions, 1);
    expect(ask(['product 0', 'product 2'], ['product 0', 'product 1', 'elsewhere'])).toEqual([[2], [1, null]]);
    // What was viewed is left out of the list, and what is not known says nothing about what comes next.
    expect(ask(['elsewhere', 'product 0', 'product 1', 'product 2'])).toEqual([[expect.any(Number), 1, 1]]);
  });

  it('are taken out of what a model learns from, one for one, the newest first, and never from what is held out', () => {
    const corpus = shop([
      [a, b],
      [c, d],
      [a, a, b],
      [b, d],
      [a, b],
    ]);
    const rest = withoutSessions(corpus, 4, [
      ['a', 'b'],
      ['d', 'c'],
    ]);
    expect(rest.end).toBe(3);
    expect(rest.corpus.sessionIds).toEqual(['session 0', 'session 1', 'session 3', 'session 4']);
    expect([...rest.corpus.offsets]).toEqual([0, 2, 4, 6, 8]);
    expect([...rest.corpus.views]).toEqual([a, b, c, d, b, d, a, b]);
  });
});

describe('the comparison on reference sessions', () => {
  it('is of the questions whose product both know', () => {
    const ours = [[1, 2, null], [0]];
    const theirs = [[2, 2, 1], [null]];
    const found = compareOnReference('run', ours, theirs, 1);
    expect(found).toMatchObject({ runId: 'run', sessions: 2, positions: 2 });
    expect(found.knownShare).toBeCloseTo(2 / 3);
    expect(found.ours['MRR@20'].value).toBeCloseTo((1 + 1 / 2) / 2);
    expect(found.theirs['MRR@20'].value).toBeCloseTo(1 / 2);
    expect(found.difference['MRR@20'].value).toBeCloseTo(1 / 4);
    expect(found.difference['HR@20'].value).toBe(0);
  });

  it('is with the figures of a report where the live model kept no answers', () => {
    const reported = { value: 0.75, low: 0.7, high: 0.8 };
    const found = compareWithReported('run', [[1], [0]], { 'HR@20': reported, 'MRR@20': reported }, 1);
    expect(found.difference['HR@20'].value).toBeCloseTo(0.5 - 0.75);
    expect(found.difference['HR@20'].high).toBeCloseTo(found.ours['HR@20'].high - 0.75);
  });
});
