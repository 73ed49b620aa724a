import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError, messageOf } from '../../engine/errors.ts';
import { checkRules } from '../../engine/rules/check-rules.ts';
import type { Finding } from '../../engine/rules/finding.ts';
import { ProductWorld } from '../../engine/rules/product-world.ts';
import { readRules } from '../../engine/rules/read-rules.ts';
import type { RulesFile } from '../../engine/rules/rules-file.ts';
import type { LiveData } from '../../lambdas/recommend/live-data.ts';
import { codeOf } from '../../lambdas/shared/store/file-error.ts';
import { typedPath } from '../lib/typed-path.ts';

/** A file of rules that its author is still at. */
export interface Draft {
  path: string;
  /** As it stands in the file. */
  json: object;
  file: RulesFile;
}

/** @throws InputError with a line for each fault. */
export async function readDraft(path: string): Promise<Draft> {
  let bytes: Buffer;
  try {
    bytes = await readFile(typedPath(path));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      throw new InputError(
        `There is no file ${JSON.stringify(resolve(typedPath(path)))}. docs/merchandising.md shows how rules are written.`,
      );
    }
    throw new InputError(`The rules ${JSON.stringify(path)} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  const text = textOf(bytes, path);
  const file = readRules(text, path);
  return { path, json: JSON.parse(text), file };
}

/** The decoders leave out a byte order mark, which JSON has no place for. */
function textOf(bytes: Buffer, path: string): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `The rules ${JSON.stringify(path)} are not in ${encoding.toUpperCase()}: save the file as UTF-8.`;
    throw new InputError(message, { cause });
  }
}

/** @param data undefined when nothing is live: then names and times alone are looked at. */
export function checkDraft({ file }: Draft, data: LiveData | undefined, nowMs: number): Finding[] {
  return checkRules(file, data && new ProductWorld(data.model.index, data.catalogue), nowMs);
}

export function findingLines(findings: readonly Finding[]): string[] {
  return findings.map(({ level, where, message }) => `${level}: ${where}: ${message}`);
}

/** @throws InputError when there is an error among the findings. */
export function refuseErrors({ path }: Draft, findings: readonly Finding[]): void {
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length === 0) return;
  const lines = errors.map(({ where, message }) => `  ${where}: ${message}`);
  throw new InputError(
    `${path} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}:\n${lines.join('\n')}`,
  );
}
