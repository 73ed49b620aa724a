import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FORMATS, parseTrainingRequest, type TrainingRequest } from '../../engine/artifacts/training-request.ts';
import { ConfigurationError, InputError } from '../../engine/errors.ts';
import { collectSet } from './set-option.ts';

/** The options of `npm run train`, as commander hands them over. */
export interface TrainingOptions {
  /** Only a deployment has data of its own. */
  data?: string;
  format?: keyof typeof FORMATS;
  session?: string;
  product?: string;
  order?: string;
  time?: string[];
  delimiter?: string;
  encoding?: string;
  preset?: string;
  set: Record<string, unknown>;
  force?: boolean;
}

/**
 * The request of a run on this machine, whole. @throws InputError or ConfigurationError naming the option, what was
 * found and what is allowed.
 */
export function trainingRequestOf(options: TrainingOptions): TrainingRequest {
  if (options.data === undefined) {
    throw new ConfigurationError(
      'Say what to train on: --data FILE. A deployment trains on its uploads without it: --stage dev.',
    );
  }
  const columns = columnsOf(options);
  const missing = [
    ...(columns.session === undefined ? ['--session'] : []),
    ...(columns.product === undefined ? ['--product'] : []),
    ...(columns.order === undefined && columns.time === undefined ? ['--order or --time'] : []),
  ];
  if (missing.length > 0) {
    throw new ConfigurationError(
      `Say which column holds what: ${missing.join(', ')} missing. For the e-shop data set, --format eshop names them all.`,
    );
  }
  return parseTrainingRequest(typedRequestOf(options));
}

/**
 * What was typed and nothing else: the rest is a deployment's to say. @throws InputError when `--data` is not there.
 */
export function typedRequestOf(options: TrainingOptions): Record<string, unknown> {
  const columns = columnsOf(options);
  return withoutUndefined({
    source: options.data === undefined ? undefined : sourceOf(options.data),
    columns: Object.keys(columns).length === 0 ? undefined : columns,
    delimiter: options.delimiter === '\\t' ? '\t' : options.delimiter,
    encoding: options.encoding,
    preset: options.preset,
    settings: Object.keys(options.set).length === 0 ? undefined : options.set,
    force: options.force,
  });
}

function columnsOf({ format, session, product, order, time }: TrainingOptions) {
  const columns: Partial<Record<'session' | 'product' | 'order', string>> & { time?: readonly string[] } = {
    ...(format !== undefined && FORMATS[format]),
    ...withoutUndefined({ session, product, order, time }),
  };
  return columns;
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

/** A path on this machine becomes a URI; a URI stays as it is. */
function sourceOf(data: string): string {
  if (/^[a-z0-9]+:\/\//.test(data)) return data;
  const path = resolve(data);
  if (!existsSync(path)) {
    throw new InputError(
      `There is no file or folder ${JSON.stringify(path)} (--data). To get the e-shop data set, run: npm run data -- eshop`,
    );
  }
  return pathToFileURL(path).href;
}

function withoutUndefined<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
