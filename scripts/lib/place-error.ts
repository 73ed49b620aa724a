import { ConfigurationError, messageOf } from '../../engine/errors.ts';
import { codeOf, explainFileError } from '../../lambdas/shared/store/file-error.ts';

/**
 * A file or a folder that a person named cannot be written.
 *
 * @param failed what failed, as the start of a sentence. @param choice the options that name another place.
 */
export function explainPlaceError(error: unknown, failed: string, choice: string): unknown {
  const code = codeOf(error);
  const found = `${failed}: ${messageOf(error)}.`;
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR') {
    const fix = `A file stands where a folder would be, or the other way round: choose another place (${choice}).`;
    return new ConfigurationError(`${found} ${fix}`, { cause: error });
  }
  // What Node says of a folder to be made on a disk that can only be read.
  if (code === 'ENOENT') {
    const fix = `The disk may be one that can only be read: choose another place (${choice}).`;
    return new ConfigurationError(`${found} ${fix}`, { cause: error });
  }
  return explainFileError(error, failed, choice);
}
