import { AlikeError } from '../../engine/errors.ts';

/**
 * The command line is wrong whatever it is used on: an option is missing, not of its
 * form, or of no use beside the others.
 */
export class UsageError extends AlikeError {
  override readonly name = 'UsageError';
}
