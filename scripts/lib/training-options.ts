import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseTrainingRequest, type TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { InputError } from '../../engine/errors.ts';
import { explainReadError } from '../../lambdas/shared/store/file-error.ts';
import { type ReadingOptions, requireColumns, typedReadingOf, withoutUndefined } from './reading-options.ts';
import { collectSet } from './set-option.ts';
import { UsageError } from './usage-error.ts';

/** The options of `npm run train`, as commander hands them over. */
export interface TrainingOptions extends ReadingOptions {
  /** Only a deployment has data of its own. */
  data?: string | string[];
  preset?: string;
  set: Record<string, unknown>;
  force?: boolean;
}

/**
 * The request of a run on this machine, whole. @throws UsageError, InputError or ConfigurationError naming the option, what
 * was found and what is allowed.
 */
export function trainingRequestOf(options: TrainingOptions): TrainingRequest {
  if (options.data === undefined) {
    throw new UsageError(
      'Say what to train on: --data FILE. A deployment trains on its uploads without it: --stage dev.',
    );
  }
  requireColumns(options);
  return parseTrainingRequest(typedRequestOf(options));
}

/**
 * What was typed and nothing else: the rest is a deployment's to say.
 *
 * @throws InputError when `--data` is not there, or of no kind that is read. @throws ConfigurationError when it may not be read.
 * @throws UsageError when an option is not of its form.
 */
export function typedRequestOf(options: TrainingOptions): Record<string, unknown> {
  const sources = options.data === undefined ? [] : [options.data].flat().map(sourceOf);
  return withoutUndefined({
    source: sources.length > 1 ? sources : sources[0],
    ...typedReadingOf(options),
    preset: options.preset,
    settings: Object.keys(options.set).length === 0 ? undefined : options.set,
    force: options.force,
  });
}

/** Collects `--set key=value`; the value is JSON where it is valid JSON, else text. */
export const collectSetting = collectSet('vector_size=32', parseValue);

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @returns undefined where there is nothing. @throws ConfigurationError where this user may not look or read. */
function statOf(path: string): Stats | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) accessSync(path, constants.R_OK);
    return found;
  } catch (error) {
    throw explainReadError(error, `Cannot read ${path} (--data)`);
  }
}

/** A path on this machine becomes a URI; a URI stays as it is. */
function sourceOf(data: string): string {
  if (/^(?:s3|file):\/\//.test(data)) return data;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(data)) {
    throw new InputError(
      `${JSON.stringify(data)} (--data) cannot be read: download the file first, and name that. Allowed are a path, s3://bucket/key and file:///absolute/path.`,
    );
  }
  const path = resolve(data);
  const found = statOf(path);
  // Of a process substitution nothing is left once npm has started another process.
  if (found === undefined ? path.startsWith('/dev/fd/') : !found.isFile() && !found.isDirectory()) {
    throw new InputError(
      `${JSON.stringify(path)} (--data) is a pipe or a device, and the data is read more than once: write it to a file first, and name that.`,
    );
  }
  if (found === undefined && !/[*?]/.test(data)) {
    throw new InputError(
      `There is no file or folder ${JSON.stringify(path)} (--data). To get the e-shop data set, run: npm run data -- eshop`,
    );
  }
  if (/^\/(?:[*?]|$)/.test(path)) {
    throw new InputError(`${JSON.stringify(path)} (--data) is the whole disk: name a file or a folder on it.`);
  }
  // The wildcards of a glob stay what they are.
  return found !== undefined ? pathToFileURL(path).href : pathToFileURL(path).href.replaceAll('%3F', '?');
}
