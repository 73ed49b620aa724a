import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ConfigurationError, messageOf } from '../../engine/errors.ts';
import { codeOf } from '../../lambdas/shared/store/file-error.ts';

/** The shop's own file at the root of the repository: Git ignores it, and no release brings one. */
export const SETTINGS_FILE = 'alike.config.json';
const CDK_FILE = 'cdk.json';
const LONGEST_QUOTE = 80;
const ROOT = join(import.meta.dirname, '../..');

const stagesSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

export interface FileSettings {
  /** Setting → value. */
  settings: Record<string, unknown>;
  /** Setting → the file that has it. */
  origins: Record<string, string>;
  region: string | undefined;
}

/**
 * What files say about a stage: `{"prod": {"access": "public", "region": "eu-central-1"}}` in `alike.config.json`, or,
 * as release 0.1 had it, under `context.alike` of `cdk.json`.
 *
 * @param root where the files are. @throws ConfigurationError when a file cannot be read, or is no JSON of that form.
 */
export function fileSettingsOf(stage: string, root: string = ROOT): FileSettings {
  const found: FileSettings = { settings: {}, origins: {}, region: undefined };
  for (const [file, stages] of [
    [CDK_FILE, readStages(join(root, CDK_FILE), ['context', 'alike'])],
    [SETTINGS_FILE, readStages(join(root, SETTINGS_FILE), [])],
  ] as const) {
    const { region, ...settings } = stages[stage] ?? {};
    if (region !== undefined) found.region = String(region);
    for (const [name, value] of Object.entries(settings)) {
      found.settings[name] = value;
      found.origins[name] = file;
    }
  }
  return found;
}

function readStages(path: string, keys: readonly string[]): z.infer<typeof stagesSchema> {
  let text: string;
  try {
    // The decoder leaves out a byte order mark, which JSON has no place for.
    text = new TextDecoder().decode(readFileSync(path));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return {};
    throw new ConfigurationError(`${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  const refuse = (found: string, cause: unknown) =>
    new ConfigurationError(
      `${path} must be JSON with an object of settings for each stage, such as {"prod": {"access": "public"}}: ${found}.`,
      { cause },
    );
  let content: unknown;
  try {
    content = keys.reduce((value, key) => value?.[key], JSON.parse(text));
  } catch (cause) {
    throw refuse(messageOf(cause), cause);
  }
  const parsed = stagesSchema.safeParse(content ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [{ path: place, input }] = parsed.error.issues;
  const where = z.core.toDotPath([...keys, ...place]) || 'it';
  throw refuse(`${where} is ${JSON.stringify(input).slice(0, LONGEST_QUOTE)}`, parsed.error);
}
