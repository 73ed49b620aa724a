import { AlikeError } from '../../engine/errors.ts';
import { shellWord } from '../lib/shell-word.ts';

/**
 * A command that a message suggests, with the files that were typed in place of `FILE`: who reads a file does not know how
 * it was named on the command line.
 */
export function namingData(error: unknown, data: string | readonly string[] | undefined): unknown {
  if (error instanceof AlikeError && data !== undefined) {
    error.message = error.message.replaceAll('--data FILE', `--data ${[data].flat().map(shellWord).join(' ')}`);
  }
  return error;
}
