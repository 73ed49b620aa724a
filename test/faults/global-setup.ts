import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alignColumns } from '../../scripts/lib/align-columns.ts';
import startMiniStack from '../cloud/global-setup.ts';
import { type FaultRow, TALLY_VARIABLE } from './support/tally.ts';

/** MiniStack for the store faults, and a file that collects what every test tallied: the table at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'alike-faults-'));
  const file = join(folder, 'tally.jsonl');
  writeFileSync(file, '');
  process.env[TALLY_VARIABLE] = file;
  const stop = await startMiniStack();
  return async () => {
    await stop();
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const rows = lines.filter((line) => line !== '').map((line): FaultRow => JSON.parse(line));
    const cells = rows.map(({ fault, injected, survived, lost, remark }) => [
      fault,
      ...[injected, survived, lost].map((n) => n.toLocaleString('en')),
      remark,
    ]);
    process.stdout.write(
      `\n${alignColumns([['fault', 'injected', 'survived', 'lost', ''], ...cells], [1, 2, 3]).join('\n')}\n`,
    );
    rmSync(folder, { recursive: true });
  };
}
