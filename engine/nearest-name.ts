import { distance } from 'fastest-levenshtein';

/** As Commander suggests options: at most three letters away, and more than two fifths of the longer name in common. */
const MAX_DISTANCE = 3;
const MIN_SIMILARITY = 0.4;
/** The distance takes quadratic time, and a name comes from outside. */
const MAX_CHARACTERS = 80;

/** The known name that a misspelt one may have meant. @returns undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_CHARACTERS) return undefined;
  let nearest: string | undefined;
  let least = MAX_DISTANCE + 1;
  for (const candidate of known) {
    const apart = distance(name.toLowerCase(), candidate.toLowerCase());
    const length = Math.max(name.length, candidate.length);
    if (apart < least && (length - apart) / length > MIN_SIMILARITY) [nearest, least] = [candidate, apart];
  }
  return nearest;
}
