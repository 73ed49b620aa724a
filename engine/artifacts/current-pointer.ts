import * as z from 'zod';

/** What `current.json` holds: the only object that ever moves, always by a conditional write. */
export const currentPointerSchema = z.object({
  runId: z.string().min(1),
  /** ISO 8601, UTC. */
  publishedAt: z.string().min(1),
  /** The run that was live before, for rollback. */
  previous: z.string().min(1).nullable(),
});
export type CurrentPointer = z.infer<typeof currentPointerSchema>;
