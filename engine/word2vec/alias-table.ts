/**
 * Draws a product in constant time from a fixed distribution (Walker 1977, built as in Vose 1991): slot s holds
 * product s with chance `thresholds[s]` / 2³² and product `aliases[s]` otherwise, and every slot is equally likely.
 */
export interface AliasTable {
  /** (slotCount) */
  thresholds: Uint32Array;
  /** (slotCount) */
  aliases: Uint32Array;
}

/** (products) the weight of each among the negative samples: views^`exponent`. */
export function negativeWeights(viewCounts: Uint32Array, exponent: number): Float64Array {
  return Float64Array.from(viewCounts, (count) => count ** exponent);
}

/** @param weights (slotCount) positive, of any sum. */
export function aliasTable(weights: Float64Array): AliasTable {
  const slotCount = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => (weight / total) * slotCount);
  const thresholds = new Uint32Array(slotCount).fill(0xffff_ffff);
  const aliases = Uint32Array.from({ length: slotCount }, (_, slot) => slot);

  const poor: number[] = [];
  const rich: number[] = [];
  for (let slot = 0; slot < slotCount; slot++) (shares[slot] < 1 ? poor : rich).push(slot);
  while (poor.length > 0 && rich.length > 0) {
    const receiver = poor.pop()!;
    const giver = rich.at(-1)!;
    thresholds[receiver] = Math.min(Math.round(shares[receiver] * 2 ** 32), 0xffff_ffff);
    aliases[receiver] = giver;
    shares[giver] -= 1 - shares[receiver];
    if (shares[giver] < 1) poor.push(rich.pop()!);
  }
  return { thresholds, aliases };
}

/** @param bits a uniform 32-bit integer: its product with the slot count gives the slot above and the chance below 2³². */
export function drawFrom({ thresholds, aliases }: AliasTable, bits: number): number {
  const product = bits * thresholds.length;
  const slot = Math.floor(product / 2 ** 32);
  return product - slot * 2 ** 32 < thresholds[slot] ? slot : aliases[slot];
}
