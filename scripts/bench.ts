import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { Option } from 'commander';
import { RunFailedError } from '../engine/errors.ts';
import { type BenchmarkOutcome, runBenchmark } from './bench/run-benchmark.ts';
import { SUITE } from './bench/suite.ts';
import { summaryOf } from './bench/summary.ts';
import { findEshopFile } from './data/eshop-file.ts';
import { newCommand, runCommand } from './lib/command.ts';
import { typedPath } from './lib/typed-path.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

const command = newCommand({
  script: 'bench',
  summary:
    'Measures ours beside the peers that this machine has, one benchmark after the other, and prints a table of all. ' +
    'ALIKE_PYTHON names a Python with gensim, scikit-learn, pandas, pyarrow and polars; ALIKE_WORD2VEC_C, ' +
    'ALIKE_PWORD2VEC and ALIKE_SERENADE name those programs.',
  examples: [
    'npm run bench -- --quick    # a few minutes: everything runs, but rounds are too few to compare',
    'ALIKE_PYTHON=venv/bin/python npm run bench',
    'npm run bench -- --only word2vec-speed kmeans',
  ],
})
  .addOption(new Option('--only <names...>', 'run these alone').choices(SUITE.map(({ name }) => name)))
  .option('--quick', 'few rounds on small data')
  .option('--data <file>', 'the e-shop file, where it is not found by itself', typedPath)
  .action(async ({ only, quick = false, data }: { only?: readonly string[]; quick?: boolean; data?: string }) => {
    const eshopFile = data ?? findEshopFile();
    const load = () => `load ${loadavg()[0].toFixed(1)}`;
    const gib = (totalmem() / 2 ** 30).toFixed(1);
    print(
      `${cpus()[0].model}, ${cpus().length} cores, ${gib} GiB, ${load()}; ${platform()} ${release()}, Node ${process.version}`,
    );
    if (loadavg()[0] > 0.5) print('This machine does something else as well: elapsed times and ratios will be off.');

    const outcomes: BenchmarkOutcome[] = [];
    for (const benchmark of SUITE.filter(({ name }) => only?.includes(name) ?? true)) {
      print(`\n=== ${benchmark.name}: ${benchmark.title} (${load()})\n`);
      outcomes.push(await runBenchmark(benchmark, { eshopFile, quick }, print));
    }

    print(`\n=== Summary (${load()}; ratio: how many times as fast or as good ours is)\n`);
    for (const line of summaryOf(outcomes, !quick)) print(line);
    const failed = outcomes.filter((outcome) => outcome.failed !== undefined).map(({ name }) => name);
    if (failed.length > 0) throw new RunFailedError(`These benchmarks failed: ${failed.join(', ')}.`);
  });

process.exitCode = await runCommand(command);
