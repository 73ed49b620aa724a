import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ESHOP_FILE_MISSING } from '../data/eshop-file.ts';
import { missingFromPython } from './python.ts';
import { type BenchResult, RESULT_MARK, RESULTS_VARIABLE, SKIPPED_MARK } from './result.ts';
import type { Benchmark } from './suite.ts';

export interface BenchmarkOutcome {
  name: string;
  results: BenchResult[];
  /** A line for each thing that this machine lacks: what was left out, why, and how to get it. */
  skipped: string[];
  /** What ended it. */
  failed?: string;
}

/**
 * Runs a benchmark as a process of its own, so that none finds the heap or the compiled code that another left.
 *
 * @param eshopFile where the e-shop file is; undefined when this machine has none.
 * @param print gets each line for people as it comes.
 */
export async function runBenchmark(
  { name, python, eshop, quickArgs }: Benchmark,
  { eshopFile, quick }: { eshopFile: string | undefined; quick: boolean },
  print: (line: string) => void,
): Promise<BenchmarkOutcome> {
  const missing =
    (eshop === 'required' && eshopFile === undefined ? ESHOP_FILE_MISSING : undefined) ??
    (python.length > 0 ? missingFromPython(python) : undefined);
  if (missing !== undefined) {
    const line = `${SKIPPED_MARK}${name}: ${missing}`;
    print(line);
    return { name, results: [], skipped: [line] };
  }

  const data = eshop !== undefined && eshopFile !== undefined ? ['--data', eshopFile] : [];
  const script = path.join(import.meta.dirname, `${name}.ts`);
  const child = spawn(process.execPath, [script, ...data, ...(quick ? quickArgs : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, [RESULTS_VARIABLE]: '1' },
  });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const results: BenchResult[] = [];
  const skipped: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(RESULT_MARK)) results.push(JSON.parse(line.slice(RESULT_MARK.length)));
    else print(line);
    if (line.startsWith(SKIPPED_MARK)) skipped.push(line);
  }
  const code = await ended;
  return { name, results, skipped, ...(code !== 0 && { failed: `it ended with ${code}; its own message is above` }) };
}
