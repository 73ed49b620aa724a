import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { buildCorpus } from '../../engine/clicks/build-corpus.ts';
import { collapseRepeats, encodeCorpus, encodeIds } from '../../engine/clicks/corpus.ts';
import type { EventClasses } from '../../engine/clicks/event-kinds.ts';
import { leaveOutImplausible } from '../../engine/clicks/implausible-sessions.ts';
import { orderViews } from '../../engine/clicks/order-views.ts';
import { decodeViews, type Views } from '../../engine/clicks/views.ts';
import { SHARED_SPACE } from '../../engine/numeric/array-space.ts';
import { ListWriter } from '../shared/list-writer.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { takeViewsAtHand } from '../shared/views-at-hand.ts';
import { countEvents, eventClassesOf, eventNotes } from './events.ts';
import { countSequences, sequenceColumns } from './sequential-products.ts';
import { describeSessions } from './session-notes.ts';

export const handler = stageHandler('sequence', async ({ runId, store, artifact, request, progress }) => {
  const classes = await eventClassesOf(store, runId, request);
  const readViews = async () => takeViewsAtHand(artifactKey(runId, 'views')) ?? decodeViews(await artifact('views'));
  const writer = new ListWriter();
  try {
    const { corpus, totals, summary } = sequenceViews(await readViews(), classes, writer);
    const sequences = collapseRepeats(corpus, SHARED_SPACE);
    const counts = countSequences(sequences);
    progress({ done: corpus.views.length, unit: 'rows' });

    const ids = encodeIds(corpus);
    const writeLists = async () =>
      store.put(artifactKey(runId, 'sequential_products'), await writer.write(sequenceColumns(ids, sequences)));
    await Promise.all([writeLists(), store.put(artifactKey(runId, 'corpus'), encodeCorpus(corpus, ids))]);
    return {
      artifacts: ['sequential_products', 'corpus'],
      counts: { ...totals, ...counts, ...summary.counts, ...countEvents(corpus) },
      details: { notes: [...summary.notes, ...eventNotes(corpus, classes)], leftOut: summary.leftOut },
    };
  } finally {
    await writer.close();
  }
});

/** What is not needed any more is free before the artifacts are encoded. */
function sequenceViews(views: Views, classes: EventClasses, writer: ListWriter) {
  writer.expect(views.sessions.length);
  const ordered = orderViews(views);
  const plausible = leaveOutImplausible(ordered);
  return {
    corpus: buildCorpus(plausible.ordered, classes),
    totals: ordered.totals,
    summary: describeSessions(ordered, plausible, views),
  };
}
