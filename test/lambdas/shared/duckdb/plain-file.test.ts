import { createHash } from 'node:crypto';
import fs, { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { detectEncoding } from '../../../../engine/clicks/source-format.ts';
import { ConfigurationError } from '../../../../engine/errors.ts';
import { isUtf8File, makePlainFile, unifyLineEnds } from '../../../../lambdas/shared/duckdb/plain-file.ts';

const TEXT = `s;p\n${Array.from({ length: 20_000 }, (_, i) => `${i};Größe ${i % 97}`).join('\n')}\n`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plain-file-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function plain(bytes: Uint8Array, asked: 'utf-8' | 'latin-1' | 'utf-16' = 'utf-8') {
  const path = join(folder, 'given');
  await writeFile(path, bytes);
  const file = await makePlainFile(path, 'clicks.csv', (start) => detectEncoding(start, asked));
  return { ...file, content: await readFile(file.path) };
}

describe('compression goes by the first bytes', () => {
  const utf8 = Buffer.from(TEXT);
  it.each([
    ['plain', utf8],
    ['gzip', gzipSync(utf8)],
    ['gzip in two members', Buffer.concat([gzipSync(utf8.subarray(0, 5000)), gzipSync(utf8.subarray(5000))])],
    ['zstd', zstdCompressSync(utf8)],
  ])('%s', async (_, bytes) => {
    const { content, start, sha256 } = await plain(bytes);
    expect(content.equals(utf8)).toBe(true);
    expect(Buffer.from(start).equals(utf8.subarray(0, 2 ** 20))).toBe(true);
    expect(await sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('hashes all of a plain file, of which only the start is read at first', async () => {
    const bytes = Buffer.concat(Array.from({ length: 8 }, () => utf8));
    const { isWhole, sha256 } = await plain(bytes);
    expect(isWhole).toBe(false);
    expect(await sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it.each([
    ['gzip cut in the middle', gzipSync(utf8).subarray(0, 5000), 'is gzip but cannot be decompressed'],
    ['gzip cut in its checksum', gzipSync(utf8).subarray(0, -4), 'is gzip but cannot be decompressed'],
    ['gzip with a flipped bit', gzipSync(utf8).map((byte, i) => (i === 500 ? byte ^ 1 : byte)), 'is gzip but'],
    ['gzip with something after it', Buffer.concat([gzipSync(utf8), Buffer.from('garbage')]), 'is gzip but'],
    ['zstd cut in the middle', zstdCompressSync(utf8).subarray(0, 5000), 'is zstd but cannot be decompressed'],
    ['zstd cut at its end', zstdCompressSync(utf8).subarray(0, -2), 'is zstd but cannot be decompressed'],
    // Node reads the first frame only: without the check, the rows of the second would be lost in silence.
    ['zstd in two frames', Buffer.concat([zstdCompressSync('a\n'), zstdCompressSync('b\n')]), 'more than one frame'],
    [
      'zstd in two large frames',
      Buffer.concat([zstdCompressSync(utf8), zstdCompressSync(utf8)]),
      'more than one frame',
    ],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(plain(bytes)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
    await expect(plain(bytes)).rejects.toThrow(/clicks\.csv .*Upload it again/);
  });
});

it('a compressed file that cannot be opened is told, and ends no process', async () => {
  const open = vi.spyOn(fs, 'open').mockImplementationOnce((...args: unknown[]) => {
    process.nextTick(args.at(-1) as () => void, new Error('EMFILE: too many open files'));
  });
  try {
    await expect(plain(gzipSync(TEXT))).rejects.toThrow('EMFILE');
  } finally {
    open.mockRestore();
  }
});

describe('the encoding', () => {
  const text = 's;p\n1;Grün € Łódź 👟\n';
  const utf16 = Buffer.from(text, 'utf16le');
  it.each([
    ['UTF-16 LE with a byte order mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16]), 'utf-8'],
    ['UTF-16 BE with a byte order mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16]).swap16(), 'utf-8'],
    ['UTF-16 LE without one', utf16, 'utf-8'],
    ['UTF-16 BE without one', Buffer.from(utf16).swap16(), 'utf-8'],
    ['UTF-16 as asked', utf16, 'utf-16'],
  ] as const)('%s', async (_, bytes, asked) => {
    expect((await plain(bytes, asked)).content.toString()).toBe(text);
  });

  it('Latin-1 is what Windows writes: 0x80 is the euro sign', async () => {
    const { content } = await plain(Buffer.from('s;p\n1;Gr\xfcn \x80\n', 'latin1'), 'latin-1');
    expect(content.toString()).toBe('s;p\n1;Grün €\n');
  });

  it('holds inside a compressed file too, across chunks', async () => {
    const { content } = await plain(gzipSync(Buffer.from(TEXT, 'latin1')), 'latin-1');
    expect(content.toString()).toBe(TEXT);
  });

  it('of a Parquet file is not text', async () => {
    const bytes = Buffer.from('PAR1\x00\xff\xfePAR1', 'latin1');
    expect((await plain(bytes, 'latin-1')).content.equals(bytes)).toBe(true);
  });
});

it('a disk that does not take what is unpacked is not taken for a damaged file', async () => {
  const path = join(folder, 'untaken.gz');
  await writeFile(path, gzipSync(TEXT));
  const write = vi.spyOn(fs, 'write').mockImplementationOnce((...args: unknown[]) => {
    const done = args.at(-1) as (error: Error) => void;
    done(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' }));
  });
  await expect(makePlainFile(path, 'clicks.csv.gz', () => 'utf-8')).rejects.toThrow(
    `Cannot unpack clicks.csv.gz into ${folder}: ENOSPC: no space left on device, write. Free some space, or choose a folder on another disk (TMPDIR).`,
  );
  write.mockRestore();
});

describe('GIVEN a full disk THEN what to do is said', () => {
  beforeEach(({ skip }) => {
    if (!existsSync('/dev/full')) skip('this system has no device that is always full');
  });
  const full = 'ENOSPC: no space left on device, write. Free some space, or choose a folder on another disk (TMPDIR).';

  it('when a file is written in another encoding', async () => {
    const path = join(folder, 'latin');
    await writeFile(path, Buffer.from(TEXT, 'latin1'));
    await symlink('/dev/full', `${path}.utf8`);
    await expect(makePlainFile(path, 'clicks.csv', () => 'latin1')).rejects.toThrow(
      new ConfigurationError(`Cannot write clicks.csv as UTF-8 into ${folder}: ${full}`),
    );
  });

  it('when its line ends are unified', async () => {
    const path = join(folder, 'mixed');
    await writeFile(path, 'a\r\nb\n');
    await symlink('/dev/full', `${path}.lf`);
    await expect(unifyLineEnds(path)).rejects.toThrow(
      new ConfigurationError(`Cannot write the lines anew into ${folder}: ${full}`),
    );
  });
});

describe('isUtf8File', () => {
  it('GIVEN bytes THEN it says whether they are UTF-8, and of a file that cannot be read nothing', async () => {
    const path = join(folder, 'text');
    await writeFile(path, 'Grün €');
    expect(await isUtf8File(path)).toBe(true);
    await writeFile(path, Buffer.from('Grün', 'latin1'));
    expect(await isUtf8File(path)).toBe(false);
    await writeFile(path, Buffer.from('€').subarray(0, 2));
    expect(await isUtf8File(path)).toBe(false);
    await expect(isUtf8File(folder)).rejects.toThrow('EISDIR');
  });
});

describe('unifyLineEnds', () => {
  async function unify(text: string) {
    const path = join(folder, 'lines');
    await writeFile(path, text);
    const unified = await unifyLineEnds(path);
    return unified === undefined ? undefined : await readFile(unified, 'utf8');
  }

  it('leaves a file whose lines end alike', async () => {
    for (const end of ['\n', '\r', '\r\n']) expect(await unify(`a${end}b${end}${end}`)).toBeUndefined();
    expect(await unify('')).toBeUndefined();
  });

  it('writes LF for each CRLF, CR and LF', async () => {
    expect(await unify('a\r\nb\n\r\nc\rd\r')).toBe('a\nb\n\nc\nd\n');
  });

  it('keeps every other byte and sees a CRLF across two chunks', async () => {
    // Streams read 64 KiB at a time.
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 65_530, max: 65_540 }),
        fc.constantFrom('\r\n', '\r', '\n'),
        async (n, end) => {
          const long = 'é'.repeat(n / 2) + 'x'.repeat(n % 2);
          expect(await unify(`${long}${end}b\r\nc\n`)).toBe(`${long}\nb\nc\n`);
        },
      ),
      { numRuns: 20 },
    );
  });
});
