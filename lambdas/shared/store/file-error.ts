import { ConfigurationError, InputError, messageOf } from '../../../engine/errors.ts';

/** The system's code, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/**
 * What the caller can mend gets a name and the fix; the rest passes through as it is.
 *
 * @param failed what failed, as the start of a sentence.
 * @param choice what names another folder: an option, or a variable of the environment.
 */
export function explainFileError(error: unknown, failed: string, choice = '--workspace'): unknown {
  const found = `${failed}: ${messageOf(error)}.`;
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ConfigurationError(
        `${found} Let this user read and write there, or choose another folder (${choice}).`,
        {
          cause: error,
        },
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new ConfigurationError(`${found} Free some space, or choose a folder on another disk (${choice}).`, {
        cause: error,
      });
    case 'ENAMETOOLONG':
      return new InputError(`${found} Use shorter names: most file systems allow 255 bytes each.`, { cause: error });
    case 'ELOOP':
      return new InputError(
        `${found} Links lead in a circle: let one of them lead to a file or folder, or remove it.`,
        {
          cause: error,
        },
      );
    case 'EEXIST':
    case 'ENOTDIR':
    case 'EISDIR':
      return new InputError(
        `${found} A folder and an object would need the same path: choose a key that neither continues another object's key nor is continued by one.`,
        { cause: error },
      );
    default:
      return error;
  }
}

/**
 * The same where something is read: that it cannot be is no reason to let this user write there.
 *
 * @param failed what failed, as the start of a sentence.
 */
export function explainReadError(error: unknown, failed: string): unknown {
  if (!['EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return explainFileError(error, failed);
  return new ConfigurationError(`${failed}: ${messageOf(error)}. Let this user read it, or name another place.`, {
    cause: error,
  });
}
