/** Without what would move a terminal's cursor, change its colours or turn its text round: a damaged file's bytes, say. */
export function printable(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\uFFFD]/gu, '');
}

/** What a cell of a table, or one line, has of a text. @param longest in characters; the rest stands in the artifact. */
export function oneLine(text: string, longest: number): string {
  const line = [...printable(text).replaceAll(/\s+/g, ' ').trim()];
  return line.length > longest ? `${line.slice(0, longest).join('').trimEnd()}…` : line.join('');
}
