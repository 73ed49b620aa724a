import { inReadingOrder } from '../../engine/artifacts/same-training.ts';
import type { TrainingRequest } from '../../engine/artifacts/training-request.ts';
import type { Input } from './input.ts';

/** A manifest that named every object of a shop with a file an hour would be larger than its model. */
const MOST_NAMED = 100;

/** The inputs as the manifest keeps them: each by name, or all of them as one with the hash of what they hold, not of their names. */
export function summarizeInputs(
  inputs: readonly Input[],
  request: Pick<TrainingRequest, 'columns'>,
  sha256Of: (text: string) => string,
): Input[] {
  if (inputs.length <= MOST_NAMED) return [...inputs];
  const lines = inputs.map(({ sizeBytes, sha256 }) => `${sha256} ${sizeBytes}\n`);
  return [
    {
      name: `${inputs.length} files, ${inputs[0].name} to ${inputs[inputs.length - 1].name}`,
      sizeBytes: inputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      sha256: sha256Of(inReadingOrder(lines, request).join('')),
    },
  ];
}
