/** Whether (parts + 1) offsets rise from 0 to `total`. */
export function isPartition(offsets: Uint32Array, parts: number, total: number): boolean {
  if (offsets.length !== parts + 1 || offsets[0] !== 0 || offsets[parts] !== total) return false;
  for (let i = 0; i < parts; i++) if (offsets[i] > offsets[i + 1]) return false;
  return true;
}

export function allBelow(numbers: Uint32Array, bound: number): boolean {
  for (const number of numbers) if (number >= bound) return false;
  return true;
}
