import { join } from 'node:path';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { writeParquet } from '../../engine/artifacts/parquet.ts';
import { buildCorpus } from '../../engine/clicks/build-corpus.ts';
import { collapseRepeats, encodeCorpus } from '../../engine/clicks/corpus.ts';
import { leaveOutImplausible } from '../../engine/clicks/implausible-sessions.ts';
import { orderViews } from '../../engine/clicks/order-views.ts';
import { withDatabase } from '../shared/duckdb/duckdb.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { countSequences, sequenceColumns } from './sequential-products.ts';
import { describeSessions } from './session-notes.ts';

export const handler = stageHandler('sequence', async ({ runId, store, request, progress }) => {
  // DuckDB's memory is free again before the artifacts are encoded.
  const { corpus, totals, summary } = await withDatabase(async (database, folder) => {
    const clicksPath = join(folder, 'clicks.parquet');
    await store.download(artifactKey(runId, 'raw_session_based_clickstream_data'), clicksPath);
    const ordered = await orderViews(database, clicksPath, request.columns);
    const plausible = leaveOutImplausible(ordered);
    return {
      corpus: buildCorpus(plausible.ordered),
      totals: ordered.totals,
      summary: describeSessions(ordered, plausible, request.columns),
    };
  });
  const sequences = collapseRepeats(corpus);
  progress({ done: corpus.views.length, unit: 'rows' });

  await store.put(artifactKey(runId, 'sequential_products'), writeParquet(sequenceColumns(corpus, sequences)));
  await store.put(artifactKey(runId, 'corpus'), encodeCorpus(corpus));
  return {
    artifacts: ['sequential_products', 'corpus'],
    counts: { ...totals, ...countSequences(sequences), ...summary.counts },
    details: { notes: summary.notes, leftOut: summary.leftOut },
  };
});
