import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { writeCodedLists } from '../../engine/artifacts/coded-lists-parquet.ts';
import { buildCorpus } from '../../engine/clicks/build-corpus.ts';
import { collapseRepeats, encodeCorpus } from '../../engine/clicks/corpus.ts';
import type { EventClasses } from '../../engine/clicks/event-kinds.ts';
import { leaveOutImplausible } from '../../engine/clicks/implausible-sessions.ts';
import { orderViews } from '../../engine/clicks/order-views.ts';
import { decodeViews } from '../../engine/clicks/views.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { countEvents, eventClassesOf, eventNotes } from './events.ts';
import { countSequences, sequenceColumns } from './sequential-products.ts';
import { describeSessions } from './session-notes.ts';

export const handler = stageHandler('sequence', async ({ runId, store, artifact, request, progress }) => {
  const classes = await eventClassesOf(store, runId, request);
  const { corpus, totals, summary } = sequenceViews(await artifact('views'), classes);
  const sequences = collapseRepeats(corpus);
  progress({ done: corpus.views.length, unit: 'rows' });

  await store.put(artifactKey(runId, 'sequential_products'), writeCodedLists(sequenceColumns(corpus, sequences)));
  await store.put(artifactKey(runId, 'corpus'), encodeCorpus(corpus));
  return {
    artifacts: ['sequential_products', 'corpus'],
    counts: { ...totals, ...countSequences(sequences), ...summary.counts, ...countEvents(corpus) },
    details: { notes: [...summary.notes, ...eventNotes(corpus, classes)], leftOut: summary.leftOut },
  };
});

/** What is not needed any more is free before the artifacts are encoded. */
function sequenceViews(file: Uint8Array, classes: EventClasses) {
  const views = decodeViews(file);
  const ordered = orderViews(views);
  const plausible = leaveOutImplausible(ordered);
  return {
    corpus: buildCorpus(plausible.ordered, classes),
    totals: ordered.totals,
    summary: describeSessions(ordered, plausible, views),
  };
}
