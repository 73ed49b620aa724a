/**
 * A process of its own that works on a `file://` store: `node store-process.ts FOLDER JOB …`.
 *
 * - `create PREFIX COUNT`: tries to be the first to write each of PREFIX0 … PREFIX(COUNT-1); prints how many it won.
 * - `increment KEY COUNT`: adds COUNT to the number at KEY, one conditional write each.
 * - `overwrite KEY`: writes bodies of one repeated digit until its standard input ends.
 * - `hold FILE TEXT`: enters the lock of FILE, prints "held", and stays until its standard input ends before writing.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { ConflictError } from '../../../../../engine/errors.ts';
import { FileArtifactStore } from '../../../../../lambdas/shared/store/file-artifact-store.ts';
import { replaceFile } from '../../../../../lambdas/shared/store/replace-file.ts';

const [folder, job, name, argument] = process.argv.slice(2);
const store = new FileArtifactStore(folder);

const jobs: Record<string, () => Promise<void>> = {
  async create() {
    let won = 0;
    for (let i = 0; i < Number(argument); i++) {
      if (await writes(store.put(`${name}${i}`, `by ${process.pid}`, { ifAbsent: true }))) won++;
    }
    console.log(won);
  },
  async increment() {
    for (let done = 0; done < Number(argument); ) {
      const { bytes, version } = (await store.get(name))!;
      if (await writes(store.put(name, String(Number(new TextDecoder().decode(bytes)) + 1), { ifVersion: version })))
        done++;
    }
  },
  async overwrite() {
    let isOver = false;
    process.stdin.resume().once('end', () => {
      isOver = true;
    });
    for (let i = 0; !isOver; i++) await store.put(name, String(i % 10).repeat(100_000 + i));
  },
  async hold() {
    let holds = 0;
    await replaceFile(name, {
      writeContent: (path) => writeFile(path, argument),
      check: async () => {
        console.log('held');
        if (holds++ === 0) await once(process.stdin.resume(), 'end');
      },
    });
  },
};

async function writes(put: Promise<string>): Promise<boolean> {
  try {
    await put;
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

await jobs[job]();
