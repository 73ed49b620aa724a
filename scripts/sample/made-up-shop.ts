import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CURRENT_KEY, stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import { CATALOGUE_CURRENT_KEY, catalogueKey } from '../../engine/catalogue/catalogue-keys.ts';
import { type FeedRecord, feedRecordSchema } from '../../engine/catalogue/feed-record.ts';
import { inspectCurrentCatalogue } from '../../lambdas/shared/catalogue/current-catalogue.ts';
import { sha256OfFile } from '../../lambdas/shared/hash-file.ts';
import { inspectCurrent } from '../../lambdas/shared/runs/current.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { readJsonIfSound } from '../../lambdas/shared/store/json-artifact.ts';

/**
 * The made-up shop of `npm start` shows what Alike does until the shop's own data are there. It is told by the bytes of
 * the two files that it was made of, which stay in the workspace: also after the folder was moved, and of any release.
 */
const inputsSchema = z.array(z.object({ sha256: z.string() }));

/** Where `npm start` writes what its shop is made of. */
export function madeUpFiles(workspace: string): { clicks: string; feed: string } {
  return { clicks: join(workspace, 'data', 'sample.csv'), feed: join(workspace, 'data', 'sample-products.csv') };
}

/** Whether the run that is live was trained on the made-up clicks alone. */
export async function isMadeUpRunLive(store: ArtifactStore, workspace: string): Promise<boolean> {
  const runId = (await inspectCurrent(store))?.pointer?.runId;
  return runId !== undefined && (await isMadeUpRun(store, workspace, runId));
}

/** Whether a catalogue is the made-up feed, with or without deltas onto it. */
export async function isMadeUpCatalogue(
  store: ArtifactStore,
  workspace: string,
  { feed, lineage }: FeedRecord,
): Promise<boolean> {
  const path = madeUpFiles(workspace).feed;
  if (!existsSync(path)) return false;
  const sha256 = await sha256OfFile(path);
  if (feed.sha256 === sha256) return true;
  const base = lineage && (await readFeed(store, lineage.base.version));
  return base?.feed.sha256 === sha256;
}

/** Whether a catalogue is live that is the shop's own. */
export async function isOwnCatalogueLive(store: ArtifactStore, workspace: string): Promise<boolean> {
  const version = (await inspectCurrentCatalogue(store))?.pointer?.version;
  const record = version === undefined ? undefined : await readFeed(store, version);
  return record !== undefined && !(await isMadeUpCatalogue(store, workspace, record));
}

/**
 * Takes the made-up shop off the air for a run on other clicks, which would be judged by it. Its run and its catalogue stay
 * in the workspace. Call it when `ingest` has read the clicks, and before a stage asks what is live.
 *
 * A server that is running keeps what it has until the new run is live, and `serve` does not start meanwhile.
 *
 * @returns what was done, a sentence each.
 */
export async function withdrawMadeUpShop(store: ArtifactStore, workspace: string, runId: string): Promise<string[]> {
  if (await isMadeUpRun(store, workspace, runId)) return [];
  const done: string[] = [];
  const live = await inspectCurrent(store);
  if (live?.pointer !== undefined && (await isMadeUpRun(store, workspace, live.pointer.runId))) {
    await withdraw(store, CURRENT_KEY, live.version);
    done.push(
      `The live run ${live.pointer.runId} was trained on the made-up shop of "npm start" and makes way: until this one is live, a server that is running goes on with it, and none can be started ("npm run promote -- ${live.pointer.runId}" brings it back).`,
    );
  }
  const catalogue = await inspectCurrentCatalogue(store);
  const record = catalogue?.pointer && (await readFeed(store, catalogue.pointer.version));
  if (record !== undefined && (await isMadeUpCatalogue(store, workspace, record))) {
    await withdraw(store, CATALOGUE_CURRENT_KEY, catalogue!.pointerVersion);
    done.push(
      `The live catalogue ${record.version} is that of the made-up shop and makes way: load your own with "npm run catalogue -- FEED".`,
    );
  }
  return done;
}

async function isMadeUpRun(store: ArtifactStore, workspace: string, runId: string): Promise<boolean> {
  const path = madeUpFiles(workspace).clicks;
  if (!existsSync(path)) return false;
  const record = await readJsonIfSound(store, stageRecordKey(runId, 'ingest'), stageRecordSchema, ignore);
  const inputs = inputsSchema.safeParse(record?.details?.['inputs']).data ?? [];
  return inputs.length === 1 && inputs[0].sha256 === (await sha256OfFile(path));
}

/** @param version what was looked at: what somebody else has made live since stays. */
async function withdraw(store: ArtifactStore, key: string, version: string): Promise<void> {
  if ((await store.get(key))?.version === version) await store.delete(key);
}

function readFeed(store: ArtifactStore, version: string): Promise<FeedRecord | undefined> {
  return readJsonIfSound(store, catalogueKey(version, 'feed'), feedRecordSchema, ignore);
}

/** What is damaged is not made up. */
function ignore(): void {}
