import type { Manifest } from './manifest.ts';
import { resolveSettings, type TrainingRequest } from './training-request.ts';

/** What a training is made of. */
export interface Training {
  inputs: Manifest['inputs'];
  request: TrainingRequest;
  codeVersion: string;
}

/**
 * Whether two trainings would come to the same: the same bytes under whatever names, in an order that says the same, read
 * and trained in the same way by the same code. Settings are compared as they are resolved: a preset and its settings typed out are the same. What
 * happens to files that cannot be read changes nothing about those that can.
 */
export function isSameTraining(a: Training, b: Training): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint({ inputs, request, codeVersion }: Training): string {
  const { source: _, force: __, preset: ___, settings: ____, ...reading } = request;
  const { unreadable_files: _____, ...settings } = resolveSettings(request);
  const hashes = inReadingOrder(
    inputs.map(({ sha256 }) => sha256),
    request,
  );
  return canonical({ hashes, reading, settings, codeVersion });
}

/**
 * What tells of each file, in the order in which files are read where that says something: without a time the sessions that
 * begin last are taken for the newest.
 */
export function inReadingOrder(ofFiles: readonly string[], { columns }: Pick<TrainingRequest, 'columns'>): string[] {
  const hasNoTime = columns.session !== undefined && columns.time === undefined;
  return hasNoTime ? [...ofFiles] : ofFiles.toSorted();
}

/** JSON whose keys are in one order, since two stores of the same object may not agree on it. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
