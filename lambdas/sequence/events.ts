import * as z from 'zod';
import { stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { columnsOf } from '../../engine/artifacts/click-formats.ts';
import { columnsShape, FORMAT_NAMES } from '../../engine/artifacts/click-source.ts';
import { stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import type { Corpus } from '../../engine/clicks/corpus.ts';
import { type EventClasses, eventClasses, KIND_NUMBER } from '../../engine/clicks/event-kinds.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';
import { readJsonArtifact } from '../shared/store/json-artifact.ts';

/** What `ingest` says of how it read the files where the request does not say all of it. */
const detailsSchema = z.object({
  reading: z.object({ format: z.enum(FORMAT_NAMES).optional(), columns: z.object(columnsShape) }).optional(),
});

/** Which of the rows are carts and purchases: the events' names are in the request, or in the format that `ingest` recognised. */
export async function eventClassesOf(
  store: ArtifactStore,
  runId: string,
  { format, columns }: Pick<TrainingRequest, 'format' | 'columns'>,
): Promise<EventClasses> {
  const record = await readJsonArtifact(store, stageRecordKey(runId, 'ingest'), stageRecordSchema);
  const { reading } = detailsSchema.parse(record?.details ?? {});
  return eventClasses((reading?.columns ?? columnsOf(format, columns)).events, reading?.format ?? format);
}

/** Rows of events that are no views, where there are any. */
export function countEvents({ kinds }: Corpus): Partial<Record<'carts' | 'purchases', number>> {
  const count = (kind: number) => kinds?.reduce((sum, other) => sum + (other === kind ? 1 : 0), 0) ?? 0;
  const [carts, purchases] = [count(KIND_NUMBER.cart), count(KIND_NUMBER.purchase)];
  return { ...(carts > 0 && { carts }), ...(purchases > 0 && { purchases }) };
}

/** What the shop should know about its events, a sentence each. */
export function eventNotes({ weights, kinds }: Corpus, { ambiguous }: EventClasses): string[] {
  return [
    ...(weights === undefined
      ? []
      : ['Events count by their weights in popularity, in pairs of products, in sessions and in Word2Vec.']),
    ...ambiguous.map(
      (names) =>
        `The events ${names.map((name) => JSON.stringify(name)).join(' and ')} have the same weight, so their rows cannot be told ` +
        'apart and are taken for views: give each a weight of its own, such as view_item=1,add_to_cart=3,purchase=5.',
    ),
    ...(kinds === undefined || kinds.some((kind) => kind === KIND_NUMBER.view)
      ? []
      : ['No row is a view: what comes next in a session is asked of carts and purchases.']),
  ];
}
