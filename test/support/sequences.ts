import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { newExecution, openStages, type Stages } from './stages.ts';

type Content = string | Uint8Array;

/** Session → products, repeats that follow each other counted once. */
export type Sequences = Record<string, readonly string[]>;

/** Runs the deployed `ingest` and `sequence` on files. Call it at the top of a test file. */
export function sequencesInFolder() {
  let stages: Stages;
  let uploads = 0;
  beforeAll(async () => {
    stages = await openStages();
  });
  afterAll(() => stages.close());

  /** @param files name → content. @param request beside the source; nothing at all has the header recognised. */
  return async (files: Record<string, Content>, request: Record<string, unknown> = {}) => {
    const folder = `raw/${++uploads}`;
    for (const [name, content] of Object.entries(files)) await stages.upload(`${folder}/${name}`, content);
    const execution = newExecution();
    const whole = { source: folder, ...request };
    const ingested = await stages.runStage('ingest', execution, whole);
    const sequenced = await stages.runStage('sequence', execution, whole);
    const rows = await stages.rowsOf(execution, 'sequential_products');
    const rejected = await stages.rowsOf(execution, 'rejected_rows');
    return {
      counts: { ...ingested.counts, ...sequenced.counts } as Record<string, number>,
      sequences: Object.fromEntries(
        rows.map((row) => [row['session_id'], row['chronological_product_sequence'] as unknown as string[]]),
      ) as Sequences,
      rejected: rejected.map(({ line, column, reason }) => [Number(line), column, reason]),
    };
  };
}

const CASES = join(import.meta.dirname, '../cases');

export function readCase(path: string): Buffer {
  return readFileSync(join(CASES, path));
}

/** All files of a folder, hidden ones too. */
export async function readCaseFolder(path: string): Promise<Record<string, Buffer>> {
  const names = await readdir(join(CASES, path));
  const files = names.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(CASES, path, name))]);
  return Object.fromEntries(await Promise.all(files));
}

interface View {
  session: string;
  product: string;
  /** What orders the views of a session. */
  at: number;
}

/** The sequences of views, worked out apart from the product: group, sort, drop repeats, drop sessions of one view. */
export function sequencesOfViews(views: readonly View[]): Sequences {
  const sessions = Map.groupBy(views, ({ session }) => session);
  return Object.fromEntries(
    Array.from(sessions)
      .filter(([, own]) => own.length > 1)
      .map(([session, own]) => {
        const products = own.toSorted((a, b) => a.at - b.at).map(({ product }) => product);
        return [session, products.filter((product, i) => product !== products[i - 1])];
      }),
  );
}
