import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { measureTwoCores } from '../../../scripts/bench/two-cores.ts';

test('two cores are some time apart and compute more than half of what one does; of one there is nothing to say', async () => {
  const cores = await measureTwoCores();

  if (availableParallelism() === 1) return expect(cores).toBeUndefined();
  expect(cores!.nanosecondsApart).toBeGreaterThan(1);
  expect(cores!.gain).toBeGreaterThan(0.5);
});
