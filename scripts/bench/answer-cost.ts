/**
 * What one call of the API takes of a Lambda that is warm: the figures from which the cost per million calls is computed
 * (`scripts/lib/prices.ts`).
 *
 *     node scripts/bench/answer-cost.ts [--calls N]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportResult } from './result.ts';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '5000' } } });
const folder = mkdtempSync(join(tmpdir(), 'alike-answer-cost-'));
try {
  const data = join(folder, 'sample.csv');
  const script = (name: string) => join(import.meta.dirname, '..', `${name}.ts`);
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
  execFileSync(process.execPath, [script('sample'), '--out', data], quiet);
  const training = ['--data', data, '--format', 'eshop', '--preset', 'layer', '--workspace', folder, '--json'];
  execFileSync(process.execPath, [script('train'), ...training], { stdio: 'ignore' });

  // As in Lambda, where nothing silences the log.
  const env = { ...process.env, POWERTOOLS_LOG_LEVEL: 'INFO', POWERTOOLS_METRICS_DISABLED: 'false' };
  const child = spawnSync(process.execPath, [join(import.meta.dirname, 'answer-process.ts'), folder, values.calls], {
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = child.stdout.trimEnd().split('\n');
  const { milliseconds, answerBytes } = JSON.parse(lines.pop()!) as { milliseconds: number[]; answerBytes: number };
  const logBytes = Buffer.byteLength(lines.join('\n')) / Number(values.calls);
  const [p50, p95] = milliseconds.map((ms) => ms.toFixed(2));
  console.log(
    `217 products, ${values.calls} calls: ${p50} ms at p50, ${p95} ms at p95, answers of ${answerBytes.toFixed(0)} bytes with headers, ${logBytes.toFixed(0)} bytes of log and metrics a call`,
  );
  reportResult({
    comparison: 'one answer of the API in the Lambda handler',
    ours: `${p50} ms at p50, ${logBytes.toFixed(0)} bytes logged`,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
