import * as z from 'zod';
import { InputError } from '../errors.ts';
import { FEED_FORMAT_NAMES } from './feed-formats.ts';

const column = z.string().min(1);

/** How a feed is read, as a file of options beside an upload says it. */
const feedOptionsSchema = z.strictObject({
  format: z.enum(FEED_FORMAT_NAMES).optional(),
  /** Field → column. */
  columns: z.record(z.string().min(1), column).optional(),
  /** The columns of a file without a header. */
  names: z.array(column).min(1).optional(),
  delimiter: z.string().min(1).max(2).optional(),
  encoding: z.enum(['utf-8', 'latin-1', 'utf-16']).optional(),
  /** Every row of a delta deletes. */
  deletes: z.boolean().optional(),
  /** Goes live whatever it lost. */
  force: z.boolean().optional(),
});
export type FeedOptions = z.infer<typeof feedOptionsSchema>;

/** @param name of the file, for the message. @throws InputError naming what is wrong. */
export function parseFeedOptions(text: string, name: string): FeedOptions {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${name} is no JSON: write options such as {"columns": {"id": "sku"}}.`, { cause });
  }
  const parsed = feedOptionsSchema.safeParse(value);
  if (!parsed.success) throw new InputError(`${name} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
