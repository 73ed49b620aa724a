import type { SourceFile } from '../../../engine/clicks/source-file.ts';
import { detectFormat } from '../../../engine/clicks/source-format.ts';
import { makePlainFile, openFile, type PlainFile, readPieces, unifyLineEnds } from './plain-file.ts';

/**
 * A downloaded file, unpacked and in UTF-8, as the readers of `engine/` take it.
 *
 * @param name what the shop calls it. @param encodingOf the encoding of a plain file, from its first bytes.
 */
export async function openSourceFile(
  path: string,
  name: string,
  encodingOf: (start: Uint8Array, plainPath: string) => string | Promise<string>,
): Promise<{ file: SourceFile } & Pick<PlainFile, 'sha256'>> {
  const plain = await makePlainFile(path, name, encodingOf);
  const file: SourceFile = {
    path: plain.path,
    name,
    format: detectFormat(plain.start, name),
    start: plain.start,
    sizeBytes: plain.sizeBytes,
    isWhole: plain.isWhole,
    unifyLineEnds: () => unifyLineEnds(plain.path),
    read: () => readPieces(plain.path),
    open: () => openFile(plain.path),
  };
  return { file, sha256: plain.sha256 };
}
