/** Where arrays are made that others may share. @param bytes of the new buffer, all 0. @returns of that many bytes, or more. */
export type ArraySpace = (bytes: number) => ArrayBufferLike;

export const OWN_SPACE: ArraySpace = (bytes) => new ArrayBuffer(bytes);

/** Every thread that gets such an array by a message has the same memory. */
export const SHARED_SPACE: ArraySpace = (bytes) => new SharedArrayBuffer(bytes);

export function float32(space: ArraySpace, length: number): Float32Array {
  return new Float32Array(space(length * Float32Array.BYTES_PER_ELEMENT), 0, length);
}

export function uint32(space: ArraySpace, length: number): Uint32Array {
  return new Uint32Array(space(length * Uint32Array.BYTES_PER_ELEMENT), 0, length);
}

/** A copy, so that what the array was a part of can go. */
export function copyInto<T extends Float32Array | Uint32Array | Uint8Array>(space: ArraySpace, array: T): T {
  const ArrayType = array.constructor as new (buffer: ArrayBufferLike, byteOffset: number, length: number) => T;
  const copy = new ArrayType(space(array.byteLength), 0, array.length);
  copy.set(array);
  return copy;
}
