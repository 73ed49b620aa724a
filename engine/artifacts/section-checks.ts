/** Whether (parts + 1) offsets rise from 0 to `total`. */
export function isPartition(offsets: Uint32Array, parts: number, total: number): boolean {
  if (offsets.length !== parts + 1 || offsets[0] !== 0 || offsets[parts] !== total) return false;
  for (let i = 0; i < parts; i++) if (offsets[i] > offsets[i + 1]) return false;
  return true;
}

export function allBelow(numbers: Uint32Array, bound: number): boolean {
  // An iterator takes three times as long, and a change of a large catalogue waits for it.
  for (let i = 0; i < numbers.length; i++) if (numbers[i] >= bound) return false;
  return true;
}
