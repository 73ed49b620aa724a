/**
 * Puts centroids that are near each other side by side, so that a group of neighbours can be left out as one: splits
 * at the median of the dimension of the largest variance, until a part fits into a group (a k-d tree, Bentley 1975).
 *
 * @returns the numbers of the centroids in their new order.
 */
export function orderByNearness(centroids: readonly (readonly number[])[], groupSize: number): number[] {
  const split = (part: number[]): number[] => {
    if (part.length <= groupSize) return part;
    const d = widestDimension(part.map((c) => centroids[c]));
    const sorted = part.toSorted((a, b) => centroids[a][d] - centroids[b][d]);
    const middle = groupSize * Math.max(1, Math.round(part.length / groupSize / 2));
    return [...split(sorted.slice(0, middle)), ...split(sorted.slice(middle))];
  };
  return split(centroids.map((_, c) => c));
}

function widestDimension(rows: readonly (readonly number[])[]): number {
  const variances = rows[0].map((_, d) => {
    const mean = rows.reduce((sum, row) => sum + row[d], 0) / rows.length;
    return rows.reduce((sum, row) => sum + (row[d] - mean) ** 2, 0);
  });
  return variances.indexOf(Math.max(...variances));
}
