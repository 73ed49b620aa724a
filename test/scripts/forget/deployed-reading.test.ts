import { expect, it } from 'vitest';
import { stageRecordKey } from '../../../engine/artifacts/artifact-keys.ts';
import { FORMATS } from '../../../engine/artifacts/click-formats.ts';
import { resolveConfig } from '../../../infra/config.ts';
import { putJson } from '../../../lambdas/shared/store/artifact-store.ts';
import { readingOf } from '../../../scripts/forget/deployed-reading.ts';
import { MemoryArtifactStore } from '../../support/memory-artifact-store.ts';
import { publish } from '../../support/published-model.ts';

const defaults = (settings: Record<string, unknown>) => resolveConfig(settings).trainingDefaults;

async function storeThatRead(reading: unknown) {
  const store = new MemoryArtifactStore();
  await publish(store, 'run-1');
  await putJson(store, stageRecordKey('run-1', 'ingest'), {
    stage: 'ingest',
    result: { runId: 'run-1', keys: {}, counts: {} },
    details: { reading },
    startedAt: '2026-11-26T00:00:00.000Z',
    durationMs: 1,
    peakResidentMb: 1,
    codeVersion: '1',
  });
  return store;
}

it("takes the deployment's own columns, or those of its format", async () => {
  const store = new MemoryArtifactStore();
  const own = { sessionColumn: 'visit', productColumn: 'sku', orderColumn: 'n', delimiter: '|' };
  expect(await readingOf(store, defaults(own))).toMatchObject({ columns: { session: 'visit' }, delimiter: '|' });
  expect((await readingOf(store, defaults({ format: 'eshop' }))).columns).toMatchObject(FORMATS.eshop);
});

it('takes what the header told the live run where it is the header that tells', async () => {
  const store = await storeThatRead({ format: 'eshop', columns: FORMATS.eshop, delimiter: ';' });
  expect(await readingOf(store, defaults({}))).toMatchObject({
    columns: { session: FORMATS.eshop.session },
    delimiter: ';',
    encoding: 'utf-8',
  });
});

it('takes the session that the files of a named format have, but not one of another format', async () => {
  const columns = { ...FORMATS['online-retail'], session: 'InvoiceNo' };
  const store = await storeThatRead({ format: 'online-retail', columns });
  expect((await readingOf(store, defaults({ format: 'online-retail' }))).columns).toEqual(columns);
  expect((await readingOf(store, defaults({ format: 'eshop' }))).columns).toMatchObject(FORMATS.eshop);
});

it('says how to go on when nobody knows', async () => {
  await expect(readingOf(new MemoryArtifactStore(), defaults({}))).rejects.toThrow(/--set format=…\), or train once/);
  await expect(readingOf(await storeThatRead(undefined), defaults({}))).rejects.toThrow(/or train once/);
});
