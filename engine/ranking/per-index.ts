import type { ServingIndex } from '../serving-index/serving-index.ts';

/**
 * What a scorer makes once for an index and uses in every request: buffers, unit vectors. A request is answered without
 * a pause, so no two use it at once; it goes when the index goes.
 */
export function perIndex<T>(make: (index: ServingIndex) => T): (index: ServingIndex) => T {
  const made = new WeakMap<ServingIndex, T>();
  return (index) => {
    let value = made.get(index);
    if (value === undefined) {
      value = make(index);
      made.set(index, value);
    }
    return value;
  };
}
