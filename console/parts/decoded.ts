/** @returns undefined for what is not percent-encoded text, such as a lone `%`. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
