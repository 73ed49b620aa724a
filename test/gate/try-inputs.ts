import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Input } from './inputs/input.ts';
import { type Found, Matrix } from './matrix.ts';
import { openShop } from './shop.ts';

interface Row {
  input: Input;
  found: Found;
  isHarmful: boolean;
}

/** Tries inputs on a shop with a good live model, and prints what became of each. Call it at the top of a test file. */
export function tryInputs(keepEvery: number, harmful: readonly Input[], harmless: readonly Input[]): void {
  let matrix: Matrix;
  const rows: Row[] = [];
  beforeAll(async () => {
    matrix = await Matrix.open(openShop(keepEvery));
  }, 300_000);
  afterAll(async () => {
    if (matrix === undefined) return;
    console.log(
      `On ${matrix.shop.name}, one of ${keepEvery} sessions. Live: HR@20 afterwards ${matrix.afterwards.toFixed(3)}.\n`,
    );
    console.log(tableOf(rows));
    await matrix.close();
  });
  const tryInput = async (input: Input, isHarmful: boolean) => {
    const found = await matrix.try(input);
    rows.push({ input, found, isHarmful });
    return found;
  };
  const cases = (inputs: readonly Input[]) =>
    inputs.map((input): [string, Input] => [`${input.kind}: ${input.name}`, input]);

  describe('no harmful input goes live:', () => {
    it.each(cases(harmful))('%s', async (_, input) => {
      const { outcome, sentence } = await tryInput(input, true);
      expect(outcome, sentence).not.toBe('promoted');
      // Whoever reads it learns what is wrong.
      expect(sentence.length).toBeGreaterThan(20);
    });
  });

  describe('no harmless input is refused:', () => {
    it.each(cases(harmless))('%s', async (_, input) => {
      const { outcome, sentence } = await tryInput(input, false);
      expect(outcome, sentence).toBe('promoted');
    });
  });
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ input, found, isHarmful }) => {
    const name = input.isBlind ? `${input.name} (blind)` : input.name;
    const sentence = found.sentence.replaceAll(/\s+/g, ' ');
    const cells = [
      name,
      input.kind,
      isHarmful ? 'yes' : 'no',
      found.afterwards?.toFixed(3) ?? '–',
      found.outcome,
      sentence,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const harmful = rows.filter(({ isHarmful }) => isHarmful);
  const harmless = rows.filter(({ isHarmful }) => !isHarmful);
  const live = (some: readonly Row[]) => some.filter(({ found }) => found.outcome === 'promoted').length;
  const kinds = (some: readonly Row[]) => new Set(some.map(({ input }) => input.kind)).size;
  return [
    '| input | kind | harmful | HR@20 afterwards | outcome | sentence |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
    `${harmful.length} harmful inputs of ${kinds(harmful)} kinds, ${live(harmful)} live; ` +
      `${harmless.length} harmless ones of ${kinds(harmless)} kinds, ${harmless.length - live(harmless)} refused.`,
  ].join('\n');
}
