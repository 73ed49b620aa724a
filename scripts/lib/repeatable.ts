import type { Option } from 'commander';

const collectors = new WeakSet<(...args: never[]) => unknown>();

/** The parser of an option that may be given again: it adds to what was given before. */
export function repeatable<Collect extends (...args: never[]) => unknown>(collect: Collect): Collect {
  collectors.add(collect);
  return collect;
}

/** Whether a second value adds to the first, and takes nothing away. */
export function mayRepeat({ variadic, parseArg }: Option): boolean {
  return variadic || (parseArg !== undefined && collectors.has(parseArg));
}
