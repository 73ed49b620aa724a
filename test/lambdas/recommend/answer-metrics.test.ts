import { expect, it } from 'vitest';
import { AnswerMetrics } from '../../../lambdas/recommend/answer-metrics.ts';

function answering() {
  const added: [string, number][] = [];
  const published: [string, number][][] = [];
  let nowMs = 0;
  const figures = new AnswerMetrics(
    {
      addMetric: (name, _, value) => {
        added.push([name, value]);
      },
      publishStoredMetrics: () => {
        published.push(added.splice(0));
      },
    },
    () => nowMs,
  );
  return {
    published,
    answer(atMs: number, fallbackItems: number, items = 3, modelAgeSeconds: number | null = 100) {
      nowMs = atMs;
      figures.add({ items, fallbackItems, modelAgeSeconds });
      figures.publishIfDue();
    },
    end(atMs: number) {
      nowMs = atMs;
      figures.publishIfDue();
    },
  };
}

it('publishes the first answer at once, and those of the next minute together', () => {
  const { answer, published } = answering();
  answer(0, 0);
  expect(published).toEqual([
    [
      ['FallbackShare', 0],
      ['ModelAge', 100],
    ],
  ]);
  answer(1_000, 1);
  answer(59_999, 3);
  expect(published).toHaveLength(1);
  answer(60_000, 2, 3, 160);
  expect(published[1]).toEqual([
    ['FallbackShare', 33],
    ['FallbackShare', 100],
    ['FallbackShare', 67],
    ['ModelAge', 160],
  ]);
});

it('publishes nothing when nothing was answered, and what waited at the end of the next call that is no answer', () => {
  const { answer, end, published } = answering();
  end(0);
  expect(published).toEqual([]);
  answer(0, 0);
  answer(1, 0);
  end(70_000);
  expect(published).toHaveLength(2);
});

it('leaves out the age of a model that stands in for a broken one, and the share of an answer without items', () => {
  const { answer, published } = answering();
  answer(0, 0, 0, null);
  expect(published).toEqual([[]]);
});
