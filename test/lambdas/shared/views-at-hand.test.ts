import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artifactKey } from '../../../engine/artifacts/artifact-keys.ts';
import type { Views } from '../../../engine/clicks/views.ts';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { keepViewsAtHand, leaveViewsAtHand, takeViewsAtHand } from '../../../lambdas/shared/views-at-hand.ts';
import { type Execution, newExecution, openStages, type Stages } from '../../support/stages.ts';

let stages: Stages;
beforeAll(async () => {
  stages = await openStages();
});
afterAll(() => stages.close());

/** With an id that is not ASCII, times, an order, weights, a gap, and events that are no views. */
const CSV = `s,p,t,o,e
a,P1,2026-01-01 10:00:00,1,view
b,Ü2,2026-01-01 10:00:05,1,cart
a,P2,2026-01-01 10:01:00,3,view
a,P3,2026-01-01 10:01:00,2,buy
b,P1,2026-01-01 11:00:05,2,view
b,P1,2026-01-01 11:00:09,3,view
a,P2,2026-01-01 10:02:00,4,view
`;
const REQUEST = {
  source: 'raw/clicks.csv',
  columns: {
    session: 's',
    product: 'p',
    time: ['t'],
    order: 'o',
    event: 'e',
    events: { view: 1, cart: 3, buy: 5 },
  },
};

async function artifactsOf(execution: Execution) {
  const runId = runIdOf(execution);
  return Promise.all(
    (['corpus', 'sequential_products'] as const).map(async (name) => {
      return Buffer.from((await stages.store.get(artifactKey(runId, name)))!.bytes).toString('base64');
    }),
  );
}

describe('views that ingest leaves at hand', () => {
  test('make the same artifacts as its file, which is not read', async () => {
    await stages.upload('raw/clicks.csv', CSV);
    const apart = newExecution();
    await stages.runStage('ingest', apart, REQUEST);
    const read = await stages.runStage('sequence', apart, REQUEST);

    const together = newExecution();
    const drop = keepViewsAtHand();
    await stages.runStage('ingest', together, { ...REQUEST, force: true });
    await stages.store.delete(artifactKey(runIdOf(together), 'views'));
    const taken = await stages.runStage('sequence', together, REQUEST);
    drop();
    expect(taken.counts).toEqual(read.counts);
    expect(await artifactsOf(together)).toEqual(await artifactsOf(apart));
  });

  test('are taken once, of their run alone, and not kept where nobody asked for it', () => {
    const views: Views = {
      sessionIds: ['a'],
      productIds: ['p'],
      sessions: Int32Array.of(0, 0),
      products: Int32Array.of(0, 0),
      timesMs: undefined,
      orders: undefined,
      weights: undefined,
      fileEnds: Int32Array.of(2),
      gapMs: undefined,
      orderedBy: undefined,
    };
    leaveViewsAtHand('runs/1/views', views);
    expect(takeViewsAtHand('runs/1/views')).toBeUndefined();
    const drop = keepViewsAtHand();
    leaveViewsAtHand('runs/1/views', views);
    expect(takeViewsAtHand('runs/2/views')).toBeUndefined();
    expect(takeViewsAtHand('runs/1/views')?.views).toBe(views);
    expect(takeViewsAtHand('runs/1/views')).toBeUndefined();
    leaveViewsAtHand('runs/1/views', views);
    drop();
    expect(takeViewsAtHand('runs/1/views')).toBeUndefined();
  });
});
