import * as z from 'zod';

/** Where each artifact of a catalogue stands in the store. The names are a contract. */
const CATALOGUE_FILES = {
  catalogue: 'catalogue.bin',
  /** The feed's own rows, where the catalogue has others as well: of deltas, and of a full feed that came late. */
  own_rows: 'feed.bin',
  rejected_rows: 'rejected_rows/rejected_rows.parquet',
  feed: 'feed.json',
} as const;

export type CatalogueArtifact = keyof typeof CATALOGUE_FILES;

const CATALOGUE_PREFIX = 'catalogue/';
/** Of all versions: they begin with the year. Uploaded feeds stand beside them, and there may be very many. */
export const CATALOGUE_VERSIONS_PREFIX = `${CATALOGUE_PREFIX}2`;
/** Where a shop uploads feeds; see `kindOfFeed`. */
export const FEEDS_PREFIX = `${CATALOGUE_PREFIX}feeds/`;
export const CATALOGUE_CURRENT_KEY = `${CATALOGUE_PREFIX}current.json`;

export function catalogueKey(version: string, name: CatalogueArtifact): string {
  return `${CATALOGUE_PREFIX}${version}/${CATALOGUE_FILES[name]}`;
}

/** @param key of any object of a version. @returns the version and the artifact; undefined for what is none. */
export function catalogueArtifactOf(key: string): { version: string; name: CatalogueArtifact } | undefined {
  const version = key.slice(CATALOGUE_PREFIX.length).split('/', 1)[0];
  const names = Object.keys(CATALOGUE_FILES) as CatalogueArtifact[];
  const name = names.find((known) => key === catalogueKey(version, known));
  return name === undefined ? undefined : { version, name };
}

const KINDS = ['full', 'delta'] as const;
const OPTIONS_NAME = 'options.json';

/** @returns undefined for what is no feed: it stands elsewhere, or says how feeds are read. */
export function kindOfFeed(key: string): 'full' | 'delta' | undefined {
  const kind = KINDS.find((name) => key.startsWith(`${FEEDS_PREFIX}${name}/`));
  return key.endsWith(`/${OPTIONS_NAME}`) || key.endsWith(`.${OPTIONS_NAME}`) || key.endsWith('/') ? undefined : kind;
}

/** Whether a file is one of those that `optionsKeysOf` some feed names. */
export function isOptionsOfFeeds(key: string): boolean {
  const ofOne = `.${OPTIONS_NAME}`;
  if (key.endsWith(ofOne)) return kindOfFeed(key.slice(0, -ofOne.length)) !== undefined;
  return ['', ...KINDS.map((kind) => `${kind}/`)].some((folder) => key === `${FEEDS_PREFIX}${folder}${OPTIONS_NAME}`);
}

/** Files that say how a feed is read, what is said later wins: all feeds, those of its kind, this one. */
export function optionsKeysOf(feedKey: string): string[] {
  const kind = kindOfFeed(feedKey);
  return [`${FEEDS_PREFIX}${OPTIONS_NAME}`, `${FEEDS_PREFIX}${kind}/${OPTIONS_NAME}`, `${feedKey}.${OPTIONS_NAME}`];
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
