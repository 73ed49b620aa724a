import { join } from 'node:path';
import { artifactKey } from '../shared/artifacts.ts';
import { collapseRepeats, encodeCorpus } from '../shared/corpus.ts';
import { withDatabase } from '../shared/io/duckdb.ts';
import { stageHandler } from '../shared/io/stage-handler.ts';
import { writeParquet } from '../shared/parquet.ts';
import { buildCorpus } from './build-corpus.ts';
import { orderViews } from './order-views.ts';
import { countSequences, sequenceColumns } from './sequential-products.ts';

export const handler = stageHandler('sequence', async ({ runId, store, request, progress }) => {
  // DuckDB's memory is free again before the artifacts are encoded.
  const { corpus, totals } = await withDatabase(async (database, folder) => {
    const clicksPath = join(folder, 'clicks.parquet');
    await store.download(artifactKey(runId, 'raw_session_based_clickstream_data'), clicksPath);
    const ordered = await orderViews(database, clicksPath, request.columns);
    return { corpus: buildCorpus(ordered), totals: ordered.totals };
  });
  const sequences = collapseRepeats(corpus);
  progress({ done: corpus.views.length, unit: 'rows' });

  await store.put(artifactKey(runId, 'sequential_products'), writeParquet(sequenceColumns(corpus, sequences)));
  await store.put(artifactKey(runId, 'corpus'), encodeCorpus(corpus));
  return {
    artifacts: ['sequential_products', 'corpus'],
    counts: { ...totals, ...countSequences(sequences) },
  };
});
