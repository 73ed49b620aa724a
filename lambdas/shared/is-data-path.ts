/**
 * Whether a run over a folder reads the file: what is hidden (`.DS_Store`) is no data, and neither are markers (`_SUCCESS`) and
 * placeholders of folders, wherever below the folder their name stands.
 *
 * @param path of the file below the folder, with `/` between names.
 */
export function isDataPath(path: string): boolean {
  return !path.endsWith('/') && path.split('/').every((name) => !/^[_.]/.test(name));
}
