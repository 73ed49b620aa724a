import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `node install-duckdb.ts OUTPUT_FOLDER arm64|x86_64`: installs DuckDB for Lambda, whatever this machine is. What is
 * installed is what the repository's lock file names, checked against its hashes; it is kept for the next time.
 */
const ROOT = join(import.meta.dirname, '../..');
const DUCKDB = '@duckdb/node-api';
const NPM_CPUS: Record<string, string> = { arm64: 'arm64', x86_64: 'x64' };
const [, , outputFolder, architecture] = process.argv;
const cpu = NPM_CPUS[architecture];
if (outputFolder === undefined || cpu === undefined) {
  throw new Error(`Call it with an output folder and one of ${Object.keys(NPM_CPUS).join(', ')}.`);
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
const dependencies = { [DUCKDB]: packages[`node_modules/${DUCKDB}`].version };
const lockText = JSON.stringify({
  lockfileVersion: 3,
  packages: { '': { dependencies }, ...Object.fromEntries(withDependencies(`node_modules/${DUCKDB}`)) },
});

const hash = createHash('sha256').update(lockText).digest('hex').slice(0, 16);
const installed = join(ROOT, 'node_modules/.cache/alike', `duckdb-${cpu}-${hash}`);
if (!existsSync(installed)) {
  const unfinished = `${installed}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), JSON.stringify({ dependencies }));
  writeFileSync(join(unfinished, 'package-lock.json'), lockText);
  execFileSync(
    'npm',
    [
      'ci',
      '--os=linux',
      `--cpu=${cpu}`,
      '--libc=glibc',
      '--prefer-offline',
      '--ignore-scripts',
      '--no-audit',
      '--loglevel=error',
    ],
    { cwd: unfinished, stdio: ['ignore', process.stderr, process.stderr] },
  );
  rmSync(installed, { recursive: true, force: true });
  renameSync(unfinished, installed);
}
cpSync(join(installed, 'node_modules'), join(outputFolder, 'node_modules'), { recursive: true });

/** A package's entry of the lock file and those of all that it needs. */
function withDependencies(path: string): [string, object][] {
  const { dev: _, ...entry } = packages[path];
  const needed = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
  return [[path, entry], ...needed.flatMap((name) => withDependencies(`node_modules/${name}`))];
}
