import { ArtifactError, ConflictError, NotFoundError } from '../../../engine/errors.ts';
import {
  type Publication,
  type PublishedRules,
  RULES_PREFIX,
  rulesKey,
  versionOfRulesKey,
} from '../../../engine/rules/published-rules.ts';
import { type ArtifactStore, putJson } from '../store/artifact-store.ts';
import { suggest } from '../store/suggested-command.ts';
import { type CurrentRules, inspectCurrentRules, moveCurrentRules, readPublishedRules } from './current-rules.ts';

/**
 * Keeps a file of rules under its version and makes it live.
 *
 * @param file as its author wrote it: checked JSON. @param decidedOn what was live when the file was checked and measured.
 * @throws ConflictError when other rules went live since: nothing is kept of the file then.
 */
export async function publishRules(
  store: ArtifactStore,
  file: object,
  publication: Publication,
  decidedOn: CurrentRules | undefined,
): Promise<void> {
  const current = await inspectCurrentRules(store);
  if (current?.pointerVersion !== decidedOn?.pointerVersion) throw overtakenBy(current?.pointer?.version, store);
  await putJson(store, rulesKey(publication.version), { ...file, publication }, { ifAbsent: true });
  await moveCurrentRules(store, publication.version, publication.publishedAt, decidedOn);
}

function overtakenBy(version: string | undefined, store: ArtifactStore): ConflictError {
  const other = version === undefined ? 'Other rules' : `Rules ${version}`;
  const look = suggest(store, version === undefined ? 'rules -- list' : `rules -- show ${version}`);
  return new ConflictError(
    `${other} went live while yours were checked and measured, so yours were not published: they would have replaced them unseen. Look at them (${look}), take over what is to stay, and publish again.`,
  );
}

/**
 * Returns to the rules that were live before the present ones. Rolling back twice returns to where it began.
 *
 * @returns the version that is live now. @throws NotFoundError when there is none to return to.
 * @throws ArtifactError when those before cannot be read.
 */
export async function rollBackRules(store: ArtifactStore, publishedAt: string): Promise<string> {
  const current = await inspectCurrentRules(store);
  if (current === undefined)
    throw new NotFoundError(`No rules are live in ${store.uri}: there is nothing to roll back.`);
  if (current.pointer === undefined) throw current.fault!;
  const { version, previous } = current.pointer;
  if (previous === null) {
    throw new NotFoundError(
      `Rules ${version} are the first that were published: there are none before them. To go without rules, publish a file that has none: {}`,
    );
  }
  await readPublishedRules(store, previous);
  await moveCurrentRules(store, previous, publishedAt, current);
  return previous;
}

export interface ListedRules {
  version: string;
  status: 'live' | 'previous' | 'older';
  /** Undefined where the file cannot be read. */
  rules: PublishedRules | undefined;
}

/** All that were published, newest first. @param onFault is told of each file that cannot be read. */
export async function listRules(store: ArtifactStore, onFault: (error: ArtifactError) => void): Promise<ListedRules[]> {
  const current = await inspectCurrentRules(store);
  if (current?.fault !== undefined) onFault(current.fault);
  const versions = (await store.list(RULES_PREFIX)).flatMap(({ key }) => versionOfRulesKey(key) ?? []).toReversed();
  return Promise.all(
    versions.map(async (version): Promise<ListedRules> => {
      const status =
        version === current?.pointer?.version ? 'live' : version === current?.pointer?.previous ? 'previous' : 'older';
      try {
        return { version, status, rules: await readPublishedRules(store, version) };
      } catch (error) {
        if (!(error instanceof ArtifactError)) throw error;
        onFault(error);
        return { version, status, rules: undefined };
      }
    }),
  );
}
