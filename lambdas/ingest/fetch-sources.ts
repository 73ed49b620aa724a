import { join } from 'node:path';
import { CLICK_FORMATS } from '../../engine/artifacts/click-formats.ts';
import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { recogniseFormat } from '../../engine/clicks/recognise-format.ts';
import { detectEncoding } from '../../engine/clicks/source-format.ts';
import { InputError } from '../../engine/errors.ts';
import { openSourceFile } from '../shared/duckdb/open-source-file.ts';
import { isUtf8File } from '../shared/duckdb/plain-file.ts';
import { sha256OfFile } from '../shared/hash-file.ts';
import type { ArtifactStore, ObjectSummary } from '../shared/store/artifact-store.ts';
import { openArtifactStore } from '../shared/store/open-artifact-store.ts';
import type { FetchedFile, UnreadableFile } from './input.ts';
import { listingPrefix, locateSource, selectObjects } from './source-objects.ts';

/** Many small objects wait for the network, not for the processor. */
const AT_ONCE = 16;

/**
 * Downloads and unpacks all files of a request. Files of this machine are read where they lie.
 *
 * @param folder to put them in. @param skips files that cannot be unpacked, or are no clickstream, are `unreadable`.
 * @throws InputError when there is such a file and it is not skipped, or a link leads nowhere. @throws ConfigurationError when
 * a file may not be read, or the disk is full.
 */
export async function fetchSources(
  store: ArtifactStore,
  request: Pick<TrainingRequest, 'source' | 'encoding' | 'format'>,
  folder: string,
  skips: boolean,
): Promise<{ files: FetchedFile[]; unreadable: UnreadableFile[] }> {
  const objects: { source: ArtifactStore; object: ObjectSummary }[] = [];
  const seen = new Set<string>();
  for (const text of [request.source].flat()) {
    const location = locateSource(text);
    const source = location.storeUri === undefined ? store : await openSource(store, location.storeUri, text);
    const listed = await source.list(listingPrefix(location.key), { brokenLinks: true });
    for (const object of selectObjects(listed, location.key, text)) {
      // A link such as `latest` beside the folder that it leads to would count every view twice.
      const address = object.realPath ?? `${source.uri}/${object.key}`;
      if (!seen.has(address)) objects.push({ source, object });
      seen.add(address);
    }
  }
  const fetched = new Array<FetchedFile | UnreadableFile>(objects.length);
  let next = 0;
  const work = async () => {
    while (next < objects.length) {
      const i = next++;
      const { source, object } = objects[i];
      try {
        fetched[i] = await fetchSource(source, object, join(folder, `source-${i}`), request, skips);
      } catch (error) {
        next = objects.length;
        throw error;
      }
    }
  };
  // All of them end before one fails for all: the folder that they write to is then removed.
  const ended = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, objects.length) }, work));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return {
    files: fetched.filter((one) => 'file' in one),
    unreadable: fetched.filter((one) => 'reason' in one),
  };
}

/** @throws InputError when a deployment is to read a file of its own machine, which holds nobody's clickstream. */
async function openSource(store: ArtifactStore, uri: string, source: string): Promise<ArtifactStore> {
  if (uri.startsWith('file:') && !store.uri.startsWith('file:')) {
    throw new InputError(
      `A deployment reads no local file, found ${JSON.stringify(source)}: upload it under raw/, or name an s3:// address.`,
    );
  }
  return openArtifactStore(uri);
}

async function fetchSource(
  source: ArtifactStore,
  { key: name, size }: ObjectSummary,
  path: string,
  request: Pick<TrainingRequest, 'encoding' | 'format'>,
  skips: boolean,
): Promise<FetchedFile | UnreadableFile> {
  const lent = await source.lend?.(name, path);
  if (lent === undefined) await source.download(name, path);
  try {
    const { file, sha256 } = await openSourceFile(path, name, (start, plainPath) =>
      encodingOf(start, plainPath, request),
    );
    return { file, input: { name, sizeBytes: size }, sha256, ...lent };
  } catch (error) {
    if (!skips || !(error instanceof InputError)) throw error;
    return { name, sizeBytes: size, sha256: await sha256OfFile(path), reason: error.message };
  }
}

/** A known source may have an encoding of its own where it is not UTF-8. */
async function encodingOf(
  start: Uint8Array,
  path: string,
  { encoding, format }: Pick<TrainingRequest, 'encoding' | 'format'>,
): Promise<string> {
  const detected = detectEncoding(start, encoding);
  if (detected !== 'utf-8' || encoding !== 'utf-8') return detected;
  const firstLine = /^.*/.exec(new TextDecoder('latin1').decode(start.subarray(0, 65_536)))![0];
  const known =
    format ??
    recogniseFormat(
      firstLine.split(/[,;\t]/).map((name) => name.replaceAll('"', '')),
      firstLine,
    );
  const own = known === undefined ? undefined : CLICK_FORMATS[known].encoding;
  return own === undefined || (await isUtf8File(path)) ? detected : detectEncoding(start, own);
}
