/**
 * A whole `layer` run on the e-shop file, process start to last artifact, against pandas + gensim + scikit-learn doing
 * the seed's steps (`layer-run.py`). Rounds alternate; medians, their ratio and peak memory are printed.
 *
 *     ALIKE_PYTHON=venv/bin/python node scripts/bench/layer-run.ts [--data FILE] [--rounds 7]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findEshopFile } from '../data/eshop-file.ts';
import { measureProcess, medianUsage, temporaryFolder, type Usage } from './measured-process.ts';
import { PYTHON } from './python.ts';
import { atMost, reportResult } from './result.ts';

const { values: options } = parseArgs({
  options: { data: { type: 'string', default: findEshopFile() ?? '' }, rounds: { type: 'string', default: '7' } },
});

/** Of theirs. */
const MOST_TIME = 0.7;

const folder = temporaryFolder();
const beside = (file: string) => path.join(import.meta.dirname, file);
const trainArguments = [
  '--data',
  options.data,
  '--format',
  'eshop',
  '--preset',
  'layer',
  '--workspace',
  folder,
  '--force',
];
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

const medians = Object.entries(usages).map(([name, rounds]) => ({ name, ...medianUsage(rounds) }));
for (const { name, seconds, peakMb } of medians) {
  const all = usages[name].map((usage) => usage.seconds);
  const range = `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}, ${all.length} rounds`;
  console.log(`${name.padEnd(32)} ${seconds.toFixed(2)} s  (${range})  ${peakMb.toFixed(0)} MiB`);
}
const [ours, peer] = medians;
const ratio = peer.seconds / ours.seconds;
reportResult({
  comparison: 'e-shop file to last artifact, preset layer, process start to end',
  ours: `${ours.seconds.toFixed(2)} s`,
  peakMb: ours.peakMb,
  peer: { name: peer.name, figure: `${peer.seconds.toFixed(2)} s`, peakMb: peer.peakMb, ratio },
  target: atMost(ours.seconds / peer.seconds, MOST_TIME, ' × the time'),
});
