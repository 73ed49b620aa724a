/**
 * Every error that Alike raises on purpose.
 *
 * Step Functions matches errors by `name` (Retry, Catch) and bundling renames classes, so each class sets its name
 * explicitly. A message says what failed, what was found, what is allowed and the fix.
 */
export abstract class AlikeError extends Error {
  abstract override readonly name: string;
}

/** What the caller gave is unusable: a file, a column, a request body. Never retried. */
export class InputError extends AlikeError {
  override readonly name = 'InputError';
}

/** A setting, an environment variable or a command-line option has a value that is not allowed. Never retried. */
export class ConfigurationError extends AlikeError {
  override readonly name = 'ConfigurationError';
}

/** The thing asked for does not exist: a product under `strict`, a cluster, a run. */
export class NotFoundError extends AlikeError {
  override readonly name = 'NotFoundError';
}

/** An artifact is missing, torn, or of a format that this version cannot read. */
export class ArtifactError extends AlikeError {
  override readonly name = 'ArtifactError';
}

/** A conditional write lost: somebody else moved the object since it was read. */
export class ConflictError extends AlikeError {
  override readonly name = 'ConflictError';
}

/** There is nothing to answer from: no run was published yet. */
export class NoModelError extends AlikeError {
  override readonly name = 'NoModelError';
}

/** A service is busy or out of reach: the same may go through in a moment. Retried. */
export class UnavailableError extends AlikeError {
  override readonly name = 'UnavailableError';
}

/** A training run failed; its `failure.json` says where and why. */
export class RunFailedError extends AlikeError {
  override readonly name = 'RunFailedError';
}

/** The message of anything thrown, for logs and for wrapping. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
