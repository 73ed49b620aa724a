/**
 * A whole `layer` run on the e-shop file, process start to last artifact, against pandas + gensim + scikit-learn doing
 * the seed's steps (`layer-run.py`). Rounds alternate; medians, their ratio and peak memory are printed.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/layer-run.ts [--data FILE] [--rounds 7]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findEshopFile } from '../data/eshop-file.ts';
import { measureProcess, type Usage } from './measured-process.ts';
import { median } from './neighbours.ts';
import { PYTHON } from './python.ts';
import { atLeast, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: { data: { type: 'string', default: findEshopFile() ?? '' }, rounds: { type: 'string', default: '7' } },
});

const folder = mkdtempSync(path.join(tmpdir(), 'alike-bench-'));
const beside = (file: string) => path.join(import.meta.dirname, file);
const trainArguments = ['--data', options.data, '--format', 'eshop', '--preset', 'layer', '--workspace', folder];
const COMMANDS = {
  alike: [process.execPath, beside('../train.ts'), ...trainArguments],
  'pandas + gensim + scikit-learn': [PYTHON, beside('layer-run.py'), options.data, path.join(folder, 'python')],
};

const HINT = 'ALIKE_PYTHON names a Python that has pandas, pyarrow, gensim and scikit-learn.';
const measure = ([command, ...args]: string[]) => measureProcess(command, args, HINT);

const usages = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, [] as Usage[]]));
// A first round fills the page cache and Alike's cache of the synthesized state machine; it does not count.
for (const command of Object.values(COMMANDS)) await measure(command);
for (let round = 0; round < Number(options.rounds); round++) {
  for (const [name, command] of Object.entries(COMMANDS)) usages[name].push(await measure(command));
}
rmSync(folder, { recursive: true });

const peakMbOf = (rounds: readonly Usage[]) => median(rounds.map(({ peakMb }) => peakMb ?? Number.NaN));
for (const [name, rounds] of Object.entries(usages)) {
  const values = rounds.map(({ seconds }) => seconds);
  const range = `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
  console.log(
    `${name.padEnd(32)} ${median(values).toFixed(2)} s  (${range}, ${values.length} rounds)  ${peakMbOf(rounds).toFixed(0)} MiB`,
  );
}
const [ours, theirs] = Object.values(usages).map((rounds) => median(rounds.map(({ seconds }) => seconds)));
const [peakMb, theirPeakMb] = Object.values(usages).map(peakMbOf);
console.log(`ratio alike / peer: ${(ours / theirs).toFixed(2)}`);
const ratio = theirs / ours;
reportResult({
  comparison: 'e-shop file to last artifact, preset layer, process start to end',
  ours: `${ours.toFixed(2)} s`,
  peakMb,
  peer: { name: Object.keys(COMMANDS)[1], figure: `${theirs.toFixed(2)} s`, peakMb: theirPeakMb, ratio },
  target: atLeast(ratio, 1),
});
