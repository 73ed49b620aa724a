import { isAbsolute, join, resolve } from 'node:path';

/** Where npm runs every script, whatever folder it was typed in. */
const ROOT = join(import.meta.dirname, '../..');

/** Where a command was typed, if npm has run it elsewhere. */
function folderOfTyping(): string | undefined {
  const folder = process.env['INIT_CWD'];
  return !folder || process.cwd() !== ROOT || resolve(folder) === ROOT ? undefined : folder;
}

/** A path that was typed on the command line, as this process finds it. An address stays what it is. */
export function typedPath(text: string): string {
  const folder = folderOfTyping();
  return folder === undefined || isAbsolute(text) || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text
    : resolve(folder, text);
}

/** Of an option that takes several. */
export function typedPaths(text: string, before: readonly string[] = []): string[] {
  return [...before, typedPath(text)];
}

/** A path of this process, as it may be typed in a command that a message suggests. */
export function pathToType(path: string): string {
  return folderOfTyping() === undefined ? path : resolve(path);
}
