import { expect, test } from 'vitest';
import { api } from '../../../lambdas/recommend/api.ts';
import { answerEvent } from '../../../lambdas/shared/http/answer-event.ts';
import { runsMountedAt } from '../../../scripts/console/run-models.ts';
import { ApiFixture, eventOf } from '../../support/api-fixture.ts';
import { publish } from '../../support/published-model.ts';
import { publishTestRules } from '../../support/published-rules.ts';

test.each(['live', 'run-1'])('%s answers bare by cosine, whatever the rules say', async (run) => {
  const fixture = await ApiFixture.published('run-1');
  await publish(fixture.store, 'run-2', { previous: 'run-1' });
  const rules = [
    { id: 'a', type: 'exclude', products: ['P1'] },
    { id: 'b', type: 'boost', products: ['P3'], factor: 3 },
  ].map((rule) => ({ ...rule, author: 'Ana', note: 'test' }));
  await publishTestRules(fixture.store, 'v1', { rules });
  const mounted = runsMountedAt(fixture.services);
  const figures = async (mount: string) => {
    const { path, services } = mounted(`/console/${mount}/${run}/v1/products/P0/recommendations`)!;
    const query = 'count=3&strategy=embedding';
    const { items } = JSON.parse((await answerEvent(api, eventOf('GET', path, { query }), services)).body);
    return items.map(({ productId, score }: { productId: string; score: number }) => [productId, score.toFixed(3)]);
  };
  expect(await figures('bare')).toEqual([
    ['P1', '0.707'],
    ['P2', '0.447'],
    ['P3', '0.316'],
  ]);
  if (run !== 'live') expect((await figures('runs'))[0]).toEqual(['P3', '0.949']);
});
