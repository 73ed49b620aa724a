import { expect, it } from 'vitest';
import type { Recommendations } from '../../../scripts/recommend/ask.ts';
import { tableOf } from '../../../scripts/recommend/table.ts';

const answer: Recommendations = {
  productId: 'A13',
  strategy: 'embedding',
  modelVersion: 'run-1',
  items: [
    { productId: 'A16', rank: 1, score: 0.93, source: 'model' },
    { productId: 'P4', rank: 2, score: 0.5, source: 'popular' },
  ],
};

it('shows rank, product, score and source in columns, and the model', () => {
  expect(tableOf(answer)).toBe(
    [
      'Similar to A13 (strategy embedding, model run-1)',
      '',
      'rank  product  score  source',
      '   1  A16      0.930  model',
      '   2  P4       0.500  popular',
      '',
    ].join('\n'),
  );
});

it('says so when the model had nothing to say, unless popularity was asked for', () => {
  const items = answer.items.slice(1);
  const note = 'The model knows nothing of A13: these are the most viewed products.';
  expect(tableOf({ ...answer, items })).toContain(note);
  expect(tableOf({ ...answer, items, strategy: 'popularity' })).not.toContain(note);
});

it('does not blame the model where nobody bought anything with the product', () => {
  const items = answer.items.slice(1);
  expect(tableOf({ ...answer, items, strategy: 'bought-together' })).toContain(
    'Nothing is known to have been bought together with A13: these are the most viewed products.',
  );
});
