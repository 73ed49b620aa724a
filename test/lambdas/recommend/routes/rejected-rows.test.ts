import { expect, test } from 'vitest';
import { artifactKey } from '../../../../engine/artifacts/artifact-keys.ts';
import { writeParquet } from '../../../../engine/artifacts/parquet.ts';
import { ApiFixture } from '../../../support/api-fixture.ts';

test('counts the reasons, most frequent first, and shows the first rows', async () => {
  const api = await ApiFixture.published('run-1');
  const reasons = ['no product', 'no session', 'no product'];
  const file = writeParquet([
    { name: 'file', type: 'STRING', values: reasons.map(() => 'clicks.csv') },
    { name: 'line', type: 'INT32', values: [2, 5, 9] },
    { name: 'column', type: 'STRING', values: reasons.map(() => 'sku') },
    { name: 'reason', type: 'STRING', values: reasons },
    { name: 'content', type: 'STRING', values: reasons.map((_, i) => `,${i}`) },
  ]);
  await api.store.put(artifactKey('run-1', 'rejected_rows'), file);
  expect((await api.get('/v1/runs/live/rejected-rows', 'limit=1')).json).toEqual({
    runId: 'run-1',
    rejectedRows: 3,
    reasons: [
      { reason: 'no product', rows: 2 },
      { reason: 'no session', rows: 1 },
    ],
    items: [{ file: 'clicks.csv', line: 2, column: 'sku', reason: 'no product', content: ',0' }],
  });
});

test('a run that read no source has none', async () => {
  const api = await ApiFixture.published('run-1');
  expect((await api.get('/v1/runs/run-1/rejected-rows')).json).toEqual({
    runId: 'run-1',
    rejectedRows: null,
    reasons: [],
    items: [],
  });
});
