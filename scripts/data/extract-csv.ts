import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { InputError, messageOf } from '../../engine/errors.ts';

const ZIP_MAGIC = [0x50, 0x4b];
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * The CSV inside a zip or gzip file, told by its first bytes; anything else is taken as the CSV itself.
 *
 * @param source names the file in errors.
 * @throws InputError when the file is damaged or a zip holds no CSV.
 */
export function extractCsv(file: Uint8Array, source: string): Uint8Array {
  try {
    if (startsWith(file, ZIP_MAGIC)) return unzipCsv(file, source);
    if (startsWith(file, GZIP_MAGIC)) return gunzipSync(file);
    return file;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`Cannot unpack ${source}: ${messageOf(error)}. It is damaged or cut short: get it again.`, {
      cause: error,
    });
  }
}

function unzipCsv(file: Uint8Array, source: string): Uint8Array {
  const names: string[] = [];
  const [csv] = Object.values(
    unzipSync(file, {
      filter({ name }) {
        names.push(name);
        // macOS adds a shadow of every file under this folder.
        return name.toLowerCase().endsWith('.csv') && !name.startsWith('__MACOSX/');
      },
    }),
  );
  if (csv === undefined) {
    throw new InputError(
      `${source} holds no .csv file; found ${names.map((name) => `"${name}"`).join(', ') || 'nothing'}. Give the zip as it was downloaded.`,
    );
  }
  return csv;
}

function startsWith(file: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => file[i] === byte);
}
