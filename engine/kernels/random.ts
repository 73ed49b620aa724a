/**
 * PCG32 (O'Neill 2014, XSH RR): 64 bits of state, a stream of its own for each `stream`. Chosen over the generator of
 * `engine/numeric/random.ts` because a draw is seven instructions: negative samples are drawn for every pair.
 */
let state: u64 = 0;
let increment: u64 = 1;

/** A uniform 32-bit integer. */
export function nextBits(): u32 {
  const old = state;
  // biome-ignore lint/correctness/noPrecisionLoss: AssemblyScript has 64-bit integers.
  state = old * 6364136223846793005 + increment;
  return rotr(<u32>(((old >> 18) ^ old) >> 27), <u32>(old >> 59));
}

export function seedRandom(seed: u64, stream: u64): void {
  state = 0;
  increment = (stream << 1) | 1;
  nextBits();
  state += seed;
  nextBits();
}
