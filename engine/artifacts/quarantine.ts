import * as z from 'zod';

/** `quarantine.json` of a run: the files that it left out because they cannot be read. */
export const quarantineSchema = z.object({
  runId: z.string().min(1),
  files: z.array(
    z.object({
      name: z.string(),
      sizeBytes: z.number().min(0),
      sha256: z.string(),
      /** What reading it failed with. */
      reason: z.string(),
      /** The run that left these bytes under this name out for the first time, and told so. */
      firstRun: z.string(),
    }),
  ),
});
export type Quarantine = z.infer<typeof quarantineSchema>;

/** How much of the input a run did without; stands in the details of the first stage's record. */
export const leftOutSchema = z.object({
  files: z.number(),
  ofFiles: z.number(),
  bytes: z.number(),
  ofBytes: z.number(),
});
export type LeftOut = z.infer<typeof leftOutSchema>;
