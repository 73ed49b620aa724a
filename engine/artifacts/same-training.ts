import type { Manifest } from './manifest.ts';
import { resolveSettings, type TrainingRequest } from './training-request.ts';

/** What a training is made of. */
export interface Training {
  inputs: Manifest['inputs'];
  request: TrainingRequest;
  codeVersion: string;
}

/**
 * Whether two trainings would come to the same: the same bytes under whatever names, read and trained in the same way
 * by the same code. Settings are compared as they are resolved: a preset and its settings typed out are the same. What
 * happens to files that cannot be read changes nothing about those that can.
 */
export function isSameTraining(a: Training, b: Training): boolean {
  return fingerprint(a) === fingerprint(b);
}

function fingerprint({ inputs, request, codeVersion }: Training): string {
  const { source: _, force: __, preset: ___, settings: ____, ...reading } = request;
  const { unreadable_files: _____, ...settings } = resolveSettings(request);
  const hashes = inputs.map(({ sha256 }) => sha256).sort();
  return canonical({ hashes, reading, settings, codeVersion });
}

/** JSON whose keys are in one order, since two stores of the same object may not agree on it. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
