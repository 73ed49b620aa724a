import * as z from 'zod';

/** Where each artifact of a catalogue stands in the store. The names are a contract. */
const CATALOGUE_FILES = {
  catalogue: 'catalogue.bin',
  rejected_rows: 'rejected_rows/rejected_rows.parquet',
  feed: 'feed.json',
} as const;

export type CatalogueArtifact = keyof typeof CATALOGUE_FILES;

const CATALOGUE_PREFIX = 'catalogue/';
export const CATALOGUE_CURRENT_KEY = `${CATALOGUE_PREFIX}current.json`;

export function catalogueKey(version: string, name: CatalogueArtifact): string {
  return `${CATALOGUE_PREFIX}${version}/${CATALOGUE_FILES[name]}`;
}

/** What `catalogue/current.json` holds. It moves by a conditional write, as the model's does. */
export const cataloguePointerSchema = z.object({
  version: z.string().min(1),
  /** ISO 8601, UTC. */
  publishedAt: z.string().min(1),
  /** What was live before, for rollback. */
  previous: z.string().min(1).nullable(),
});
export type CataloguePointer = z.infer<typeof cataloguePointerSchema>;
