import * as z from 'zod';
import { ArtifactError, messageOf } from '../errors.ts';

/**
 * Reads a JSON artifact by its schema. A schema takes fields that it does not know and leaves them out: a newer release
 * may have written them. What it does know has to be there and right.
 *
 * @param name of the file, for the message: its key and its store.
 * @throws ArtifactError that names the file when it is torn, is not UTF-8 or not what the schema says.
 */
export function decodeJsonArtifact<T>(bytes: Uint8Array, name: string, schema: z.ZodType<T>): T {
  const broken = (what: string, cause: unknown) =>
    new ArtifactError(
      `${name} cannot be read: ${what}. It was cut or changed after it was written: bring back the file as it was, or train a new run.`,
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw broken(`its ${bytes.length} bytes are not JSON (${messageOf(cause)})`, cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw broken(describeIssues(parsed.error), parsed.error);
  return parsed.data;
}

/** A torn object lacks fields by the dozen: the first ones say enough. */
const MOST_ISSUES = 3;

function describeIssues({ issues }: z.ZodError): string {
  const sentences = issues
    .slice(0, MOST_ISSUES)
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`));
  const others = issues.length - sentences.length;
  return `${sentences.join('; ')}${others > 0 ? `; and ${others} more faults` : ''}`;
}
