/**
 * The `count` nearest rows of each row by cosine, nearest first, without itself; exhaustive.
 *
 * @param vectors (rowCount, dimensions)
 */
export function nearestByCosine(vectors: Float32Array, dimensions: number, count: number): Uint32Array[] {
  const unit = normalised(vectors, dimensions);
  const rowCount = vectors.length / dimensions;
  return Array.from({ length: rowCount }, (_, row) => {
    const query = unit.subarray(row * dimensions, (row + 1) * dimensions);
    return nearestTo(unit, query, count, row);
  });
}

/** @param unit (rowCount, dimensions) rows of length 1; @param excluded a row that is never returned. */
export function nearestTo(unit: Float32Array, query: Float32Array, count: number, excluded: number): Uint32Array {
  const dimensions = query.length;
  const rows = new Uint32Array(count).fill(0xffff_ffff);
  const scores = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row * dimensions < unit.length; row++) {
    if (row === excluded) continue;
    let score = 0;
    for (let d = 0; d < dimensions; d++) score += unit[row * dimensions + d] * query[d];
    if (score <= scores[count - 1]) continue;
    let at = count - 1;
    for (; at > 0 && scores[at - 1] < score; at--) {
      scores[at] = scores[at - 1];
      rows[at] = rows[at - 1];
    }
    scores[at] = score;
    rows[at] = row;
  }
  return rows;
}

/** Each row scaled to length 1; a zero row stays zero. */
export function normalised(vectors: Float32Array, dimensions: number): Float32Array {
  const unit = Float32Array.from(vectors);
  for (let start = 0; start < unit.length; start += dimensions) {
    const row = unit.subarray(start, start + dimensions);
    const length = Math.hypot(...row);
    if (length > 0) for (let d = 0; d < dimensions; d++) row[d] /= length;
  }
  return unit;
}

/** The mean share of neighbours that two rankings of the same rows have in common. */
export function meanOverlap(a: readonly Uint32Array[], b: readonly Uint32Array[]): number {
  const shares = a.map((rows, i) => {
    const others = new Set(b[i]);
    return rows.filter((row) => others.has(row)).length / rows.length;
  });
  return mean(shares);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
