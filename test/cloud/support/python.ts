import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OLDEST_MINOR = 10;
const CANDIDATES = ['python3', 'python', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];

/**
 * Makes a virtual environment with the pinned packages, or takes the one that is there when it has them already.
 *
 * @returns the path of its Python.
 */
export async function ensureVirtualEnvironment(folder: string, requirements: string): Promise<string> {
  const python = join(folder, 'bin', 'python');
  const installed = join(folder, 'installed-requirements.txt');
  const wanted = await readFile(requirements, 'utf8');
  if ((await isRecentPython(python)) && (await readFile(installed, 'utf8').catch(() => undefined)) === wanted) {
    return python;
  }
  const base = await findPython();
  await explained(run(base, ['-m', 'venv', '--clear', folder]), `Cannot make a virtual environment in ${folder}`, [
    'install the venv module (Debian and Ubuntu: apt-get install python3-venv)',
  ]);
  await explained(
    run(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '--requirement', requirements]),
    `Cannot install ${requirements} into ${folder}`,
    ['check the connection to the package index (pip config list shows which one)'],
  );
  await copyFile(requirements, installed);
  return python;
}

async function findPython(): Promise<string> {
  for (const candidate of CANDIDATES) {
    if (await isRecentPython(candidate)) return candidate;
  }
  throw new Error(
    `The cloud tests need Python 3.${OLDEST_MINOR} or newer for MiniStack; none of ${CANDIDATES.join(', ')} is one. Install it (Debian and Ubuntu: apt-get install python3 python3-venv), then run npm run test:cloud again.`,
  );
}

/** Runs it, since a name on the PATH may be a shim without a version behind it. */
async function isRecentPython(command: string): Promise<boolean> {
  const check = `import sys; sys.exit(not (3, ${OLDEST_MINOR}) <= sys.version_info < (4,))`;
  return run(command, ['-c', check]).then(
    () => true,
    () => false,
  );
}

async function explained(step: Promise<unknown>, failed: string, fixes: string[]): Promise<void> {
  try {
    await step;
  } catch (cause) {
    const { stderr = '', stdout = '' } = cause as { stderr?: string; stdout?: string };
    throw new Error(`${failed}: ${(stderr || stdout).trim()}\nTo mend it, ${fixes.join(', or ')}.`, { cause });
  }
}
