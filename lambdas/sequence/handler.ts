import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { buildCorpus } from '../../engine/clicks/build-corpus.ts';
import { collapseRepeats, encodeCorpus, encodeIds } from '../../engine/clicks/corpus.ts';
import type { EventClasses } from '../../engine/clicks/event-kinds.ts';
import { decodeViews } from '../../engine/clicks/views.ts';
import { SHARED_SPACE } from '../../engine/numeric/array-space.ts';
import { ListWriter } from '../shared/list-writer.ts';
import type { ProgressUpdate } from '../shared/progress.ts';
import { stageHandler } from '../shared/stage-handler.ts';
import { type PreparedViews, prepareViews, takeViewsAtHand } from '../shared/views-at-hand.ts';
import { countEvents, eventClassesOf, eventNotes } from './events.ts';
import { countSequences, sequenceColumns } from './sequential-products.ts';
import { describeSessions } from './session-notes.ts';

export const handler = stageHandler('sequence', async ({ runId, store, artifact, request, progress }) => {
  const classes = await eventClassesOf(store, runId, request);
  const takeViews = async () =>
    takeViewsAtHand(artifactKey(runId, 'views')) ?? prepareViews(decodeViews(await artifact('views')));
  const writer = new ListWriter();
  try {
    const { corpus, sequences, counts, details } = sequenceViews(await takeViews(), classes, writer, progress);
    await Promise.all([
      store.put(artifactKey(runId, 'corpus'), corpus),
      sequences.then((file) => store.put(artifactKey(runId, 'sequential_products'), file)),
    ]);
    return { artifacts: ['sequential_products', 'corpus'], counts, details };
  } finally {
    await writer.close();
  }
});

/**
 * What is not needed any more is free while the artifacts are written: millions of ids make each collection of garbage slow.
 *
 * @returns both artifacts, `sequences` as soon as it is written.
 */
function sequenceViews(
  { views, ordered, plausible }: PreparedViews,
  classes: EventClasses,
  writer: ListWriter,
  progress: (update: ProgressUpdate) => void,
) {
  writer.expect(views.sessions.length);
  const summary = describeSessions(ordered, plausible, views);
  const corpus = buildCorpus(plausible.ordered, classes);
  const sequences = collapseRepeats(corpus, SHARED_SPACE);
  progress({ done: corpus.views.length, unit: 'rows' });

  const ids = encodeIds(corpus);
  return {
    sequences: writer.write(sequenceColumns(ids, sequences)),
    corpus: encodeCorpus(corpus, ids),
    counts: { ...ordered.totals, ...countSequences(sequences), ...summary.counts, ...countEvents(corpus) },
    details: { notes: [...summary.notes, ...eventNotes(corpus, classes)], leftOut: summary.leftOut },
  };
}
