import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import * as z from 'zod';
import { type ArtifactName, artifactKey, stageRecordKey } from '../../engine/artifacts/artifact-keys.ts';
import { decodeJsonArtifact } from '../../engine/artifacts/json-artifact.ts';
import { type StageRecord, type StageResult, stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import {
  parseTrainingRequest,
  resolveSettings,
  storedRequestSchema,
  type TrainingRequest,
  type TrainingSettings,
} from '../../engine/artifacts/training-request.ts';
import { InputError } from '../../engine/errors.ts';
import type { StageName } from '../pipeline.ts';
import { readConfiguration } from './configuration.ts';
import { logger, metrics, tracer } from './observability.ts';
import { type ProgressUpdate, progressChannel } from './progress.ts';
import { runIdOf } from './runs/run-id.ts';
import { type ArtifactStore, missingObject, putJson } from './store/artifact-store.ts';
import { readJsonArtifact } from './store/json-artifact.ts';
import { openArtifactStore } from './store/open-artifact-store.ts';

export interface StageContext {
  runId: string;
  store: ArtifactStore;
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
  execution: z.object({ id: z.string().min(1), startedAt: z.string().min(1) }),
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
    .use(captureLambdaHandler(tracer))
    .handler(async (event: unknown): Promise<StageResult> => {
      const { execution, request, item } = parseEvent(event);
      const runId = runIdOf(execution);
      logger.appendKeys({ runId, stage, ...(item !== undefined && { item }) });

      const artifacts = await store;
      const recordKey = stageRecordKey(runId, stage, item);
      const earlier = await readJsonArtifact(artifacts, recordKey, stageRecordSchema);
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
        ...(outcome.details !== undefined && { details: outcome.details }),
        startedAt: startedAt.toISOString(),
        durationMs: finishedAt.getTime() - startedAt.getTime(),
        peakResidentMb: Math.round(process.resourceUsage().maxRSS / 1024),
        codeVersion: configuration.codeVersion,
      };
      await putJson(artifacts, recordKey, record);

      metrics.addDimension('stage', stage);
      metrics.addMetric('StageDuration', MetricUnit.Milliseconds, record.durationMs);
      for (const [name, count] of Object.entries(outcome.counts)) metrics.addMetric(name, MetricUnit.Count, count);
      metrics.publishStoredMetrics();
      logger.info('Stage finished', { counts: outcome.counts, durationMs: record.durationMs });
      return record.result;
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

async function fixRequest(artifacts: ArtifactStore, runId: string, given: Record<string, unknown>) {
  const key = artifactKey(runId, 'request');
  const fixed = await readJsonArtifact(artifacts, key, storedRequestSchema);
  if (fixed !== undefined) return fixed;
  const request = parseTrainingRequest({ ...configuration.trainingDefaults, ...given });
  await putJson(artifacts, key, request);
  return request;
}
