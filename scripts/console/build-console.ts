import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigurationError, messageOf } from '../../engine/errors.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'console');
const CACHE_FOLDER = join(ROOT, 'node_modules/.cache/alike');

/**
 * The console as a browser reads it. To build it takes about two seconds, so it is built when it is first asked for and
 * kept beside the installed packages, by the hash of its sources. Nothing built is committed, so nothing can be stale.
 *
 * @returns the folder that holds `index.html`. @throws ConfigurationError when it cannot be built.
 */
export async function buildConsole(): Promise<string> {
  const folder = join(CACHE_FOLDER, `console-${await hashOfSources()}`);
  if (await exists(join(folder, 'index.html'))) return folder;
  await mkdir(CACHE_FOLDER, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE_FOLDER, 'console-unfinished-'));
  try {
    await runVite(unfinished);
    // Of two processes that build at once, the second finds the first one's folder in its way: they hold the same.
    await rename(unfinished, folder).catch(async (error) => {
      if (!(await exists(join(folder, 'index.html')))) throw error;
    });
  } catch (cause) {
    throw new ConfigurationError(
      `The console could not be built: ${messageOf(cause)}\nThe API works without it. If packages are missing, run "npm ci".`,
      { cause },
    );
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** A process of its own: a server that builds once keeps none of Vite's memory. */
async function runVite(outDir: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const config = join(SOURCES, 'vite.config.ts');
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', '--config', config, '--outDir', outDir, '--logLevel', 'error'],
    { cwd: ROOT },
  );
}

async function hashOfSources(): Promise<string> {
  const names = (await readdir(SOURCES, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...names, join(ROOT, 'package-lock.json')]) {
    const bytes = await readFile(file);
    hash.update(`${file.slice(ROOT.length)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
