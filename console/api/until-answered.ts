import { ApiProblem } from './request.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** Asks again, after longer and longer waits, for as long as there is no answer. @throws what will not pass, such as a 404. */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === undefined || error.status >= 500);
}
