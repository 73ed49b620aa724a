import { InputError } from '../../engine/errors.ts';
import { isDataPath } from '../shared/is-data-path.ts';
import type { ObjectSummary } from '../shared/store/artifact-store.ts';

/**
 * Splits a request's source into a store and a key in it.
 * `raw/clicks.csv` is in the run's own store (`storeUri` undefined); `s3://bucket/a/clicks.csv` is `a/clicks.csv` of
 * `s3://bucket`; `file:///data/clicks.csv` is `clicks.csv` of `file:///data`.
 * A glob's folders stay in the key from the first wildcard on.
 */
export function locateSource(source: string): { storeUri: string | undefined; key: string } {
  const uri = /^(?<scheme>[a-z0-9]+):\/\/(?<rest>.*)$/.exec(source)?.groups;
  if (uri === undefined) return { storeUri: undefined, key: source };
  if (uri['scheme'] === 's3') {
    const [bucket, ...key] = uri['rest'].split('/');
    return { storeUri: `s3://${bucket}`, key: key.join('/') };
  }
  const path = uri['rest'].replace(/\/+$/, '');
  const wildcard = path.search(/[*?]/);
  const slash = path.lastIndexOf('/', wildcard < 0 ? undefined : wildcard);
  // The folder of `/data` is the root, which is no folder without its slash.
  const folder = path.slice(0, Math.max(slash, 0)) || '/';
  return { storeUri: `${uri['scheme']}://${folder}`, key: decodeURIComponent(path.slice(slash + 1)) };
}

/**
 * The objects to read, in key order: the one with exactly this key, else all below it as a folder, else those that it fits
 * as a glob. Hidden objects and markers (`_SUCCESS`, `.DS_Store`, zero-byte folder placeholders) are not data.
 *
 * @param listed all objects whose key starts with `key`.
 * @throws InputError when there is none; the message names what is there instead.
 */
export function selectObjects(listed: readonly ObjectSummary[], key: string, source: string): ObjectSummary[] {
  const exact = listed.find((object) => object.key === key);
  if (exact !== undefined) return [exact];
  const folder = key === '' || key.endsWith('/') ? key : `${key}/`;
  const selected = listed.filter(
    ({ key: object }) => object.startsWith(folder) && isDataPath(object.slice(folder.length)),
  );
  if (selected.length > 0) return selected;
  if (isGlob(key)) return selectByGlob(listed, key, source);
  const near = listed.slice(0, 3).map((object) => JSON.stringify(object.key));
  throw new InputError(
    `There is no clickstream at ${JSON.stringify(source)}: no object with this key and none below it${near.length === 0 ? '' : `, but there is ${near.join(', ')}`}. Upload the file, or correct the name.`,
  );
}

/** What to list for a key: a glob's part before the first wildcard. */
export function listingPrefix(key: string): string {
  return isGlob(key) ? key.slice(0, key.search(/[*?]/)) : key;
}

function isGlob(key: string): boolean {
  return /[*?]/.test(key);
}

function selectByGlob(listed: readonly ObjectSummary[], glob: string, source: string): ObjectSummary[] {
  // `**/` is any folders or none, `**` anything, and `*` and `?` stay in one folder.
  const pattern = glob.replaceAll(/\*\*\/?|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  const expression = new RegExp(`^${pattern}$`, 's');
  const selected = listed.filter(({ key }) => expression.test(key) && isDataPath(key));
  if (selected.length > 0) return selected;
  throw new InputError(
    `No file is called like ${JSON.stringify(source)}. * and ? stand for characters of one name, ** for folders: correct the pattern.`,
  );
}
