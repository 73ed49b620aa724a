import { shellWord } from '../shell-word.ts';
import { quoteNames } from './csv-header.ts';

export function option(name: string, value: string | undefined): string {
  return `--${name} ${shellWord(value ?? 'COLUMN')}`;
}

/** As many as a person reads. */
const MOST_CHOICES = 6;

/** What may stand in place of the word COLUMN. */
export function oneOf(names: readonly string[]): string {
  if (names.length === 0) return 'the name of a column';
  const shown = names.slice(0, MOST_CHOICES).map((name) => quoteNames([name]));
  return shown.length === 1 ? `perhaps ${shown[0]}` : `one of ${shown.join(', ')}`;
}

/** Of a file, without its folders. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
