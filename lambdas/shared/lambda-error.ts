/**
 * What a failed invocation said, out of the `Cause` that Step Functions keeps of it: Lambda wraps an error as JSON with
 * a stack trace; a timeout or a service fault is plain text or nothing at all.
 */
export function messageOfCause(cause: string | undefined): string {
  if (cause === undefined || cause === '') return 'no cause was given: the stage timed out or its Lambda could not run';
  try {
    return String(JSON.parse(cause).errorMessage ?? cause);
  } catch {
    return cause;
  }
}
