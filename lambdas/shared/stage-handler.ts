import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import * as z from 'zod';
import { type ArtifactName, artifactKey, stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeJsonArtifact } from '../../engine/artifacts/json-artifact.ts';
import { type StageRecord, type StageResult, stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import {
  mergeTrainingRequests,
  parseTrainingRequest,
  resolveSettings,
  storedRequestSchema,
  type TrainingRequest,
  type TrainingSettings,
} from '../../engine/artifacts/training-request.ts';
import { ArtifactError, ConflictError, InputError } from '../../engine/errors.ts';
import type { StageName } from '../pipeline.ts';
import { readConfiguration } from './configuration.ts';
import { logger, metrics } from './observability.ts';
import { type ProgressUpdate, progressChannel } from './progress.ts';
import { executionSchema, runIdOf } from './runs/run-id.ts';
import { RunStore } from './runs/run-store.ts';
import { type ArtifactStore, missingObject, putJson } from './store/artifact-store.ts';
import { readJsonArtifact } from './store/json-artifact.ts';
import { openArtifactStore } from './store/open-artifact-store.ts';
import { tracing } from './tracing.ts';

export interface StageContext {
  runId: string;
  /** Writes once and checks what it reads: see `RunStore`. */
  store: RunStore;
  /** An artifact of this run. @throws ArtifactError when an earlier stage did not write it. */
  artifact(name: ArtifactName): Promise<Uint8Array>;
  /** The same for JSON. @throws ArtifactError when it is not what the schema says, too. */
  artifactJson<T>(name: ArtifactName, schema: z.ZodType<T>): Promise<T>;
  /** Fixed by the first stage of the run: a redeployment in the middle of a run changes nothing. */
  request: TrainingRequest;
  settings: TrainingSettings;
  logger: Logger;
  /** Which of the items this invocation is for; only for a stage that runs over items. */
  item: string | undefined;
  /** For a person watching a local run. */
  progress(update: ProgressUpdate): void;
}

export interface StageOutcome {
  /** What was written. */
  artifacts: readonly ArtifactName[];
  /** Logged, published as metrics, and passed on by the state machine. */
  counts: Record<string, number>;
  /** What the stage that runs over this one's items shall run over. */
  items?: string[];
  /** Kept in the stage's record and the manifest only. */
  details?: Record<string, unknown>;
}

/** What the state machine passes to every stage: see `infra/training/training-state-machine.ts`. */
const stageEventSchema = z.object({
  execution: executionSchema,
  request: z.record(z.string(), z.unknown()).default({}),
  item: z.string().min(1).optional(),
});

const configuration = readConfiguration();
const store = openArtifactStore(configuration.storeUri);

/**
 * Makes a Lambda handler of a stage: parses the event, runs the stage unless its record says that it is already done,
 * and leaves that record. Errors pass through unchanged: Step Functions retries or reports them by name.
 */
export function stageHandler(stage: StageName, run: (context: StageContext) => Promise<StageOutcome>) {
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(tracing)
    .handler(async (event: unknown): Promise<StageResult> => {
      const { execution, request, item } = parseEvent(event);
      const runId = runIdOf(execution);
      logger.appendKeys({ runId, stage, ...(item !== undefined && { item }) });

      const artifacts = new RunStore(await store, runId, logger);
      const recordKey = stageRecordKey(runId, stage, item);
      const earlier = await readRecord(artifacts, recordKey, runId);
      if (earlier !== undefined) {
        logger.info('Stage found its work done', { counts: earlier.result.counts });
        return earlier.result;
      }

      const fixedRequest = await fixRequest(artifacts, runId, request);
      const startedAt = new Date();
      const outcome = await run({
        runId,
        store: artifacts,
        ...readersOf(artifacts, runId),
        request: fixedRequest,
        settings: resolveSettings(fixedRequest),
        logger,
        item,
        progress: (update) => progressChannel.publish({ stage, ...update }),
      });
      const finishedAt = new Date();
      const record: StageRecord = {
        stage,
        result: {
          runId,
          keys: Object.fromEntries(outcome.artifacts.map((name) => [name, artifactKey(runId, name)])),
          counts: outcome.counts,
          ...(outcome.items !== undefined && { items: outcome.items }),
        },
        written: { ...artifacts.written },
        ...(outcome.details !== undefined && { details: outcome.details }),
        startedAt: startedAt.toISOString(),
        durationMs: finishedAt.getTime() - startedAt.getTime(),
        peakResidentMb: Math.round(process.resourceUsage().maxRSS / 1024),
        codeVersion: configuration.codeVersion,
      };
      const result = await leaveRecord(artifacts, recordKey, record);

      metrics.addDimension('stage', stage);
      metrics.addMetric('StageDuration', MetricUnit.Milliseconds, record.durationMs);
      for (const [name, count] of Object.entries(outcome.counts)) metrics.addMetric(name, MetricUnit.Count, count);
      metrics.publishStoredMetrics();
      logger.info('Stage finished', { counts: outcome.counts, durationMs: record.durationMs });
      return result;
    });
}

function parseEvent(event: unknown) {
  const parsed = stageEventSchema.safeParse(event);
  if (!parsed.success) {
    throw new InputError(
      `A stage expects {execution: {id, startedAt}, request} from the state machine: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

function readersOf(artifacts: ArtifactStore, runId: string): Pick<StageContext, 'artifact' | 'artifactJson'> {
  const artifact = async (name: ArtifactName) => {
    const key = artifactKey(runId, name);
    const object = await artifacts.get(key);
    if (object === undefined) throw missingObject(artifacts, key);
    return object.bytes;
  };
  return {
    artifact,
    artifactJson: async (name, schema) =>
      decodeJsonArtifact(await artifact(name), `${artifactKey(runId, name)} in ${artifacts.uri}`, schema),
  };
}

/** The first stage of a run fixes its request, every default and preset resolved. */
async function fixRequest(
  artifacts: RunStore,
  runId: string,
  given: Record<string, unknown>,
): Promise<TrainingRequest> {
  const key = artifactKey(runId, 'request');
  const fixed = await artifacts.get(key);
  if (fixed !== undefined) return decodeJsonArtifact(fixed.bytes, `${key} in ${artifacts.uri}`, storedRequestSchema);
  const request = parseTrainingRequest(mergeTrainingRequests(configuration.trainingDefaults, given));
  const resolved = { ...request, settings: resolveSettings(request) };
  await putJson(artifacts, key, resolved);
  return resolved;
}

/** @throws ArtifactError when it is torn, or of another run. */
async function readRecord(artifacts: ArtifactStore, key: string, runId: string): Promise<StageRecord | undefined> {
  const record = await readJsonArtifact(artifacts, key, stageRecordSchema);
  if (record === undefined || record.result.runId === runId) return record;
  throw new ArtifactError(
    `${key} in ${artifacts.uri} is of run ${record.result.runId}: it was copied to the wrong place; train a new run.`,
  );
}

/**
 * @returns what is passed on: where another attempt of this stage was faster and wrote the same, that attempt's.
 * @throws ConflictError when it wrote something else: one of the two overwrote what the other one's record says.
 */
async function leaveRecord(artifacts: RunStore, key: string, record: StageRecord): Promise<StageResult> {
  try {
    await putJson(artifacts, key, record, { ifAbsent: true });
    return record.result;
  } catch (error) {
    const faster = error instanceof ConflictError ? await readRecord(artifacts, key, record.result.runId) : undefined;
    if (faster === undefined || !isDeepStrictEqual(faster.written, record.written)) throw error;
    return faster.result;
  }
}
