import { appendFileSync } from 'node:fs';

/** A line of the table at the end. */
export interface FaultRow {
  fault: string;
  injected: number;
  /** Detected and refused, or outlived without a trace. */
  survived: number;
  /** What is gone, wrong or mixed. Has to be 0. */
  lost: number;
  /** What was seen, in a few words. */
  remark: string;
}

export const TALLY_VARIABLE = 'ALIKE_FAULT_TALLY';

export function tally(row: FaultRow): void {
  const file = process.env[TALLY_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** CI runs the short form. */
export const isShort = process.env['CI'] === 'true';

/** Draws repeat: `ALIKE_FAULT_SEED=N npm run test:faults`. */
export const SEED = Number(process.env['ALIKE_FAULT_SEED'] ?? (isShort ? 1 : Date.now() % 1e9));
