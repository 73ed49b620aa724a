import { createInterface } from 'node:readline/promises';
import { ConfigurationError } from '../../engine/errors.ts';

/**
 * Asks on the terminal, and goes on when the answer is `expected`.
 *
 * @param refusal what did not happen and how to go on without a question. @throws ConfigurationError with it.
 */
export async function confirm(question: string, expected: string, refusal: string): Promise<void> {
  // Where nobody can answer, to wait for one would hang a pipeline.
  if (!process.stdin.isTTY) throw new ConfigurationError(refusal);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if ((await terminal.question(`${question} Type ${expected} to go on: `)) === expected) return;
  } finally {
    terminal.close();
  }
  throw new ConfigurationError(refusal);
}
