import type { Random } from '../../../../engine/numeric/random.ts';

const MASK = (1n << 64n) - 1n;

/** PCG32 (O'Neill 2014, XSH RR), after the paper's reference implementation `pcg32_srandom_r` and `pcg32_random_r`. */
export function pcg32(seed: number, stream: number): () => number {
  const increment = ((BigInt(stream) << 1n) | 1n) & MASK;
  let state = 0n;
  const next = () => {
    const old = state;
    state = (old * 6364136223846793005n + increment) & MASK;
    const shifted = Number((((old >> 18n) ^ old) >> 27n) & 0xffff_ffffn);
    const rotation = Number(old >> 59n);
    return ((shifted >>> rotation) | (shifted << (-rotation & 31))) >>> 0;
  };
  next();
  state = (state + BigInt(seed)) & MASK;
  next();
  return next;
}

/** Uniform in [0, 1) with 32 bits: multiplying by 2³² gives the integer back. */
export function pcg32Random(seed: number, stream: number): Random {
  const next = pcg32(seed, stream);
  return () => next() / 2 ** 32;
}
