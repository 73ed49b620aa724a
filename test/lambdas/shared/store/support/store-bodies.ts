import { createHash } from 'node:crypto';
import { ConflictError } from '../../../../../engine/errors.ts';

/** For `.catch`: a conditional write that lost gives undefined. */
export function rethrowUnlessConflict(error: unknown): undefined {
  if (!(error instanceof ConflictError)) throw error;
}

export function textOf(object: { bytes: Uint8Array } | undefined): string | undefined {
  return object === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(object.bytes);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Incompressible and the same every time: a linear congruential generator's high bytes. */
export function pseudoRandomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
