import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { alignColumns } from '../../scripts/lib/align-columns.ts';
import { type Case, drawCase } from './support/cases.ts';
import { judge } from './support/judge.ts';
import { StageRunner } from './support/stage-runner.ts';

const isShort = process.env['CI'] === 'true';
const CASES = Number(process.env['ALIKE_FUZZ_CASES'] ?? (isShort ? 150 : 2_500));
const FIRST_SEED = Number(process.env['ALIKE_FUZZ_SEED'] ?? (isShort ? 1 : Date.now() % 1e9));
const LONGEST_FAULT = 600;
/** Every row may be refused: what is tested is that each is counted. */
const LENIENT = { max_rejected_share: 1 };

interface Row {
  cases: number;
  trained: number;
  refused: number;
  faults: number;
  rows: number;
  rejectedRows: number;
  peakMb: number;
  seconds: number;
}

const folder = mkdtempSync(join(tmpdir(), 'alike-fuzz-'));
const runner = new StageRunner();
afterAll(() => runner.stop());

test(`${CASES} generated clickstreams end in counted rows or in a sentence that says what to mend`, async () => {
  const table = new Map<string, Row>();
  const faults: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
    const drawn = drawCase(seed);
    const place = write(drawn, seed);
    const request = { ...drawn.request, source: pathToFileURL(place).href, settings: LENIENT };
    const answer = await runner.run({ request });
    const verdict = judge(drawn, answer);
    const row = rowOf(table, drawn.kind.split(':')[0]);
    row.cases++;
    if (typeof answer !== 'string') {
      row.peakMb = Math.max(row.peakMb, answer.peakMb ?? 0);
      row.seconds = Math.max(row.seconds, answer.seconds);
    }
    if ('fault' in verdict) {
      row.faults++;
      writeFileSync(join(place, 'request.txt'), JSON.stringify(request, undefined, 2));
      const fault = `${drawn.kind}, seed ${seed}, kept in ${place}: ${verdict.fault.slice(0, LONGEST_FAULT)}`;
      faults.push(fault);
      console.log(
        `FAULT ${fault}\n  again: ALIKE_FUZZ_SEED=${seed} ALIKE_FUZZ_CASES=1 npm run test:fuzz -- clickstreams`,
      );
      continue;
    }
    row[verdict.outcome]++;
    row.rows += drawn.expected?.rows ?? 0;
    row.rejectedRows += verdict.rejectedRows;
    rmSync(place, { recursive: true });
  }
  if (faults.length === 0) rmSync(folder, { recursive: true });
  console.log(`\nFirst seed ${FIRST_SEED}\n${show(table)}`);
  expect(faults).toEqual([]);
});

/** @returns the folder of the case's files. */
function write({ files }: Case, seed: number): string {
  const place = join(folder, String(seed));
  mkdirSync(place);
  for (const { name, bytes } of files) writeFileSync(join(place, name), bytes);
  return place;
}

function rowOf(table: Map<string, Row>, kind: string): Row {
  const row = table.get(kind) ?? {
    cases: 0,
    trained: 0,
    refused: 0,
    faults: 0,
    rows: 0,
    rejectedRows: 0,
    peakMb: 0,
    seconds: 0,
  };
  table.set(kind, row);
  return row;
}

function show(table: ReadonlyMap<string, Row>): string {
  const header = [
    'clickstreams',
    'cases',
    'trained',
    'refused',
    'faults',
    'rows known',
    'rejected',
    'most MiB',
    'slowest',
  ];
  const cells = [...table].map(([kind, row]) => [
    kind,
    ...[row.cases, row.trained, row.refused, row.faults, row.rows, row.rejectedRows].map((n) => n.toLocaleString('en')),
    row.peakMb.toFixed(0),
    `${row.seconds.toFixed(2)} s`,
  ]);
  return alignColumns([header, ...cells], [1, 2, 3, 4, 5, 6, 7, 8]).join('\n');
}
