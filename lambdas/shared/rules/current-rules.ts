import { decodeJsonArtifact } from '../../../engine/artifacts/json-artifact.ts';
import { ArtifactError } from '../../../engine/errors.ts';
import {
  type PublishedRules,
  publishedRulesSchema,
  RULES_CURRENT_KEY,
  type RulesPointer,
  rulesKey,
  rulesPointerSchema,
} from '../../../engine/rules/published-rules.ts';
import { type ArtifactStore, putJson } from '../store/artifact-store.ts';
import { readJsonArtifact } from '../store/json-artifact.ts';
import { suggest } from '../store/suggested-command.ts';

/** What is live, with the version of the pointer that `moveCurrentRules` needs. */
export interface CurrentRules {
  /** Undefined when it cannot be read: `fault` says why. */
  pointer: RulesPointer | undefined;
  fault: ArtifactError | undefined;
  pointerVersion: string;
}

/** @returns undefined when no rules were published yet. */
export async function inspectCurrentRules(store: ArtifactStore): Promise<CurrentRules | undefined> {
  const object = await store.get(RULES_CURRENT_KEY);
  if (object === undefined) return undefined;
  const { bytes, version: pointerVersion } = object;
  const name = `${RULES_CURRENT_KEY} in ${store.uri}`;
  try {
    return { pointer: decodeJsonArtifact(bytes, name, rulesPointerSchema), fault: undefined, pointerVersion };
  } catch (cause) {
    const fault = new ArtifactError(
      `${name} is not {version, publishedAt, previous}: publish rules (${suggest(store, 'rules -- publish FILE')}), which mends it.`,
      { cause },
    );
    return { pointer: undefined, fault, pointerVersion };
  }
}

/** @returns undefined when no rules were published yet. @throws ArtifactError when the pointer cannot be read. */
export async function readRulesPointer(store: ArtifactStore): Promise<RulesPointer | undefined> {
  const current = await inspectCurrentRules(store);
  if (current?.fault !== undefined) throw current.fault;
  return current?.pointer;
}

/** @throws ArtifactError when it is missing, torn, or has rules that this release does not know. */
export async function readPublishedRules(store: ArtifactStore, version: string): Promise<PublishedRules> {
  const rules = await readJsonArtifact(store, rulesKey(version), publishedRulesSchema);
  if (rules !== undefined) return rules;
  throw new ArtifactError(
    `There is no ${rulesKey(version)} in ${store.uri}: publish the rules again, or return to those before (${suggest(store, 'rules -- rollback')}).`,
  );
}

/**
 * Makes a published version live by one conditional write.
 *
 * @param from what was read before deciding. @throws ConflictError when somebody else moved it since.
 */
export async function moveCurrentRules(
  store: ArtifactStore,
  version: string,
  publishedAt: string,
  from: CurrentRules | undefined,
): Promise<void> {
  const pointer: RulesPointer = { version, publishedAt, previous: from?.pointer?.version ?? null };
  const condition = from === undefined ? { ifAbsent: true as const } : { ifVersion: from.pointerVersion };
  await putJson(store, RULES_CURRENT_KEY, pointer, condition);
}
