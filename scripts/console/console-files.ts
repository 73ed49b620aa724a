import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface ConsoleFile {
  type: string;
  /** By content encoding. */
  bodies: { identity: Uint8Array; br?: Uint8Array; gzip?: Uint8Array };
  etag: string;
  /** Its name holds the hash of its content. */
  isImmutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** All files of a built console, by path. They are few and small, so they are compressed once and kept in memory. */
export async function readConsoleFiles(folder: string): Promise<ReadonlyMap<string, ConsoleFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    .map(async ({ parentPath, name }): Promise<[string, ConsoleFile]> => {
      const file = join(parentPath, name);
      const path = `/${relative(folder, file).split(sep).join('/')}`;
      return [path, await prepare(await readFile(file), TYPES[extname(name)], path.startsWith('/assets/'))];
    });
  return new Map(await Promise.all(files));
}

async function prepare(identity: Uint8Array, type: string, isImmutable: boolean): Promise<ConsoleFile> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(identity, quality), promisify(gzip)(identity)]);
  const etag = `"${createHash('sha256').update(identity).digest('hex').slice(0, 20)}"`;
  return { type, bodies: { identity, br, gzip: zipped }, etag, isImmutable };
}
