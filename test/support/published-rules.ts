import type { Publication } from '../../engine/rules/published-rules.ts';
import { inspectCurrentRules } from '../../lambdas/shared/rules/current-rules.ts';
import { publishRules } from '../../lambdas/shared/rules/rules-publication.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';

export function publicationOf(version: string): Publication {
  return { version, publishedAt: '2026-11-26T10:00:00.000Z', author: 'Ana', note: 'test', effect: null };
}

/** Makes rules live, as `npm run rules -- publish` does. */
export async function publishTestRules(store: ArtifactStore, version: string, file: object): Promise<void> {
  await publishRules(store, file, publicationOf(version), await inspectCurrentRules(store));
}
