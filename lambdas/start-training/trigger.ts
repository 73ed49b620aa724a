import * as z from 'zod';
import { InputError } from '../../engine/errors.ts';
import type { TrainingTrigger } from './start-due-run.ts';

/** What EventBridge (an upload) or EventBridge Scheduler (see `infra/training/training-triggers.ts`) puts into the queue. */
const eventSchema = z.object({ source: z.string(), time: z.iso.datetime({ offset: true }).optional() });

/** EventBridge gives whole seconds, rounded down: the upload may be as much later. */
const EVENT_TIME_RESOLUTION_MS = 1_000;

interface QueueMessage {
  messageId: string;
  body: string;
  attributes: { SentTimestamp: string };
}

/** @throws InputError when the message is neither an upload nor a due schedule. */
export function readTrigger({ messageId, body, attributes }: QueueMessage): TrainingTrigger {
  let event: z.infer<typeof eventSchema>;
  try {
    event = eventSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw new InputError(`Message ${messageId} is no event with a source and a time: ${body.slice(0, 200)}`, { cause });
  }
  const kind = event.source === 'aws.s3' ? 'upload' : 'schedule';
  const atMs =
    event.time === undefined ? Number(attributes.SentTimestamp) : Date.parse(event.time) + EVENT_TIME_RESOLUTION_MS;
  return { name: `${kind}-${messageId}`, atMs };
}
