/** Vectors to cluster or to project, in one flat array. */
export interface Vectors {
  count: number;
  dimensions: number;
  /** (count, dimensions), row-major */
  values: Float32Array;
}

export function rowOf({ dimensions, values }: Vectors, row: number): number[] {
  return Array.from(values.subarray(row * dimensions, (row + 1) * dimensions));
}

/** Copies some rows. */
export function selectRows({ dimensions, values }: Vectors, rows: ArrayLike<number>): Vectors {
  const selected = new Float32Array(rows.length * dimensions);
  for (let i = 0; i < rows.length; i++) {
    selected.set(values.subarray(rows[i] * dimensions, (rows[i] + 1) * dimensions), i * dimensions);
  }
  return { count: rows.length, dimensions, values: selected };
}
