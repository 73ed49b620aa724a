import type { Random } from '../numeric/random.ts';

/**
 * A simple random sample without replacement of the numbers [0, count), ascending; all of them when `size` is enough.
 * Selection sampling: Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S.
 */
export function sampleRows(count: number, size: number, random: Random): Uint32Array {
  const sample = new Uint32Array(Math.min(count, size));
  let taken = 0;
  for (let row = 0; taken < sample.length; row++) {
    if ((count - row) * random() < sample.length - taken) sample[taken++] = row;
  }
  return sample;
}
