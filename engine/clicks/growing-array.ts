import { SHARED_SPACE } from '../numeric/array-space.ts';

type Numbers = Int32Array | Float64Array;

/** A typed array that doubles its room when it is full, in memory that other threads may share. */
export class GrowingArray<T extends Numbers> {
  values: T;
  length = 0;
  private readonly type: {
    new (buffer: ArrayBufferLike): T;
    BYTES_PER_ELEMENT: number;
  };

  /** @param expected as many values as are likely to come. */
  constructor(type: GrowingArray<T>['type'], expected: number) {
    this.type = type;
    this.values = this.create(Math.max(expected, 2048));
  }

  /** Makes room for so many values at the end, and says where they begin. */
  extend(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.values.length) {
      const larger = this.create(Math.max(this.length, this.values.length * 2));
      larger.set(this.values);
      this.values = larger;
    }
    return start;
  }

  append(values: ArrayLike<number>): void {
    // Extending may put another array in place.
    const start = this.extend(values.length);
    this.values.set(values, start);
  }

  /** What was written, without a copy. */
  all(): T {
    return this.values.subarray(0, this.length) as T;
  }

  private create(length: number): T {
    return new this.type(SHARED_SPACE(length * this.type.BYTES_PER_ELEMENT));
  }
}
