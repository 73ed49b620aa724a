/**
 * A whole `layer` run on the e-shop file, process start to last artifact, against pandas + gensim + scikit-learn doing
 * the seed's steps (`layer-run.py`). Rounds alternate; medians and their ratio are printed.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/layer-run.ts [--data FILE] [--rounds 7]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ESHOP_FILE } from './sessions.ts';

const { values: options } = parseArgs({
  options: { data: { type: 'string', default: ESHOP_FILE }, rounds: { type: 'string', default: '7' } },
});

const folder = mkdtempSync(path.join(tmpdir(), 'alike-bench-'));
const beside = (file: string) => path.join(import.meta.dirname, file);
const trainArguments = ['--data', options.data, '--format', 'eshop', '--preset', 'layer', '--workspace', folder];
const COMMANDS = {
  alike: [process.execPath, beside('../train.ts'), ...trainArguments],
  'pandas + gensim + scikit-learn': [
    process.env['ALIKE_PYTHON'] ?? 'python3',
    beside('layer-run.py'),
    options.data,
    path.join(folder, 'python'),
  ],
};

/** Seconds of wall time of a whole process. */
function measure([command, ...args]: string[]): number {
  const startedAtMs = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(
      `${command} ${args[0]} failed. ALIKE_PYTHON names a Python that has pandas, pyarrow, gensim and scikit-learn.\n${stderr}`,
    );
  }
  return (performance.now() - startedAtMs) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

const seconds = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, [] as number[]]));
// A first round fills the page cache and Alike's cache of the synthesized state machine; it does not count.
for (const command of Object.values(COMMANDS)) measure(command);
for (let round = 0; round < Number(options.rounds); round++) {
  for (const [name, command] of Object.entries(COMMANDS)) seconds[name].push(measure(command));
}
rmSync(folder, { recursive: true });

for (const [name, values] of Object.entries(seconds)) {
  const range = `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
  console.log(`${name.padEnd(32)} ${median(values).toFixed(2)} s  (${range}, ${values.length} rounds)`);
}
const [ours, theirs] = Object.values(seconds).map(median);
console.log(`ratio alike / peer: ${(ours / theirs).toFixed(2)}`);
