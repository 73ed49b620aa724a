export interface Tick {
  value: number;
  text: string;
}

/**
 * The ticks of an axis that say something: where numbers are so close that several have one text, the first of them alone, and
 * of what is counted no fractions.
 */
export function readableTicks(
  values: readonly number[],
  format: (n: number) => string,
  { isCount = false }: { isCount?: boolean } = {},
): Tick[] {
  const seen = new Set<string>();
  return values.flatMap((value) => {
    const text = format(value);
    if (seen.has(text) || (isCount && !Number.isInteger(value))) return [];
    seen.add(text);
    return { value, text };
  });
}

/** Half of what a character takes at the size of ticks, in pixels: a little more than it does. */
const HALF_CHARACTER = 3.4;

/** Where the middle of a text stands, so that its end is not cut off. @param width of the chart, pixels. */
export function middleWithin(at: number, text: string, width: number): number {
  return Math.min(at, width - HALF_CHARACTER * text.length);
}
