import { InvalidArgumentError } from 'commander';

/** An argument parser for what a person says: of spaces alone nobody would learn anything. @param longest in characters. */
export function writtenText(longest: number): (text: string) => string {
  return (text) => {
    const written = text.trim();
    if (written.length >= 1 && written.length <= longest) return written;
    throw new InvalidArgumentError(`Give text of 1 to ${longest} characters.`);
  };
}
