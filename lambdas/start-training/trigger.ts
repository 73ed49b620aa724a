import * as z from 'zod';
import { InputError } from '../../engine/errors.ts';
import { isDataPath } from '../shared/is-data-path.ts';

/** Why the function was invoked. */
export type Trigger =
  /** A file under `raw/` was written: to be looked at when it and those that follow have settled.
   * The time is S3's, when it was there as a whole: milliseconds since the epoch, of whole seconds. */
  | { kind: 'upload'; key: string; uploadedAtMs: number }
  /** The regular schedule is due. */
  | { kind: 'schedule' }
  /** A one-time schedule of this function itself is due: uploads until `uploadedBeforeMs` may have no run yet. */
  | { kind: 'settled'; uploadedBeforeMs: number };

/** What EventBridge and EventBridge Scheduler send; see `infra/training/training-triggers.ts`. */
const eventSchema = z.union([
  z.object({
    source: z.literal('aws.s3'),
    time: z.iso.datetime({ offset: true }),
    detail: z.object({ object: z.object({ key: z.string().min(1) }) }),
  }),
  z.object({ source: z.literal('alike.schedule') }),
  z.object({ source: z.literal('alike.settled'), uploadedBeforeMs: z.int().min(0) }),
]);

/** @throws InputError when the event is none of them. */
export function readTrigger(event: unknown): Trigger {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    throw new InputError(
      `The event is neither an upload (aws.s3), nor the schedule (alike.schedule), nor settled uploads (alike.settled): ${JSON.stringify(event)?.slice(0, 200)}`,
    );
  }
  const { data } = parsed;
  if (data.source === 'aws.s3') {
    return { kind: 'upload', key: data.detail.object.key, uploadedAtMs: Date.parse(data.time) };
  }
  if (data.source === 'alike.schedule') return { kind: 'schedule' };
  return { kind: 'settled', uploadedBeforeMs: data.uploadedBeforeMs };
}

/** The message that {@link readTrigger} reads as settled. */
export function settledEvent(uploadedBeforeMs: number): string {
  return JSON.stringify({ source: 'alike.settled', uploadedBeforeMs });
}

const UPLOADS = 'raw/';
/** For a collector that writes all day long: the schedule trains on them, or the next upload elsewhere. */
const EVENTS = 'raw/events/';

/** Whether a run over all uploads reads the object. */
export function isData(key: string): boolean {
  return key.startsWith(UPLOADS) && isDataPath(key.slice(UPLOADS.length));
}

/** Whether its upload asks for a run. */
export function startsRun(key: string): boolean {
  return isData(key) && !key.startsWith(EVENTS);
}
