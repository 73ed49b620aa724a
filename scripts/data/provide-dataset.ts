import { createHash } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError, messageOf } from '../../engine/errors.ts';
import { codeOf } from '../../lambdas/shared/store/file-error.ts';
import { writeWhole } from '../lib/write-whole.ts';
import type { Dataset } from './dataset.ts';
import { DownloadError, download } from './download.ts';
import { extractCsv } from './extract-csv.ts';

export interface ProvideOptions {
  folder: string;
  /** A local zip, gzip or CSV file in place of the download. */
  from?: string | undefined;
  /** Told what is done, a line at a time. */
  print(line: string): void;
}

/**
 * Brings a data set's CSV into a folder and verifies it. Does nothing when it is there and right. A file with another
 * SHA-256 is kept beside it under a name of its own, never used and never lost.
 *
 * @returns the path of the verified CSV.
 * @throws DownloadError, InputError
 */
export async function provideDataset(dataset: Dataset, { folder, from, print }: ProvideOptions): Promise<string> {
  const path = join(folder, `${dataset.name}.csv`);
  const present = await readIfThere(path);
  if (present !== undefined && sha256(present) === dataset.sha256) {
    print(`${path} is there already, and its SHA-256 is right.`);
    return path;
  }

  const source = from ?? dataset.url;
  print(`${from === undefined ? 'Downloading' : 'Reading'} ${source}`);
  const csv = extractCsv(from === undefined ? await downloadWithAdvice(dataset) : await readGiven(from), source);
  const found = sha256(csv);
  if (found !== dataset.sha256) {
    const aside = nameAside(path, found);
    await writeWhole(aside, csv);
    throw new InputError(
      `The CSV from ${source} is not the expected file: found SHA-256 ${found}, expected ${dataset.sha256}; it starts with ${JSON.stringify(firstLine(csv))}.\n` +
        `It is kept as ${aside}. If you trust it, train on that file; otherwise get it again from ${dataset.url}.`,
    );
  }

  if (present !== undefined) {
    const aside = nameAside(path, sha256(present));
    await rename(path, aside);
    print(`${path} was another file (its SHA-256 differs): kept as ${aside}.`);
  }
  await writeWhole(path, csv);
  print(`Wrote ${path} (${csv.length.toLocaleString('en')} bytes, SHA-256 verified).`);
  return path;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new InputError(`Cannot read ${path}: ${messageOf(error)}. Move it away, or name another folder with --out.`, {
      cause: error,
    });
  }
}

async function readGiven(from: string): Promise<Uint8Array> {
  try {
    return await readFile(from);
  } catch (error) {
    const fault =
      codeOf(error) === 'ENOENT'
        ? `There is no file ${JSON.stringify(resolve(from))} (--from)`
        : `Cannot read ${from}: ${messageOf(error)}`;
    throw new InputError(`${fault}. --from takes the downloaded .zip, or the .csv or .csv.gz out of it.`, {
      cause: error,
    });
  }
}

async function downloadWithAdvice({ name, url }: Dataset): Promise<Uint8Array> {
  try {
    return await download(url);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new DownloadError(
      `${error.message}\nBehind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1. Or get that file with a browser, then: npm run data -- ${name} --from FILE`,
      { cause: error },
    );
  }
}

function nameAside(path: string, digest: string): string {
  return path.replace(/\.csv$/, `.sha256-${digest.slice(0, 12)}.csv`);
}

function firstLine(csv: Uint8Array): string {
  return new TextDecoder().decode(csv.subarray(0, 80)).split(/\r?\n/, 1)[0];
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
