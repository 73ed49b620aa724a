import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import * as z from 'zod';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { RunFailedError } from '../../engine/errors.ts';
import { readConfiguration } from '../shared/configuration.ts';
import { logger, metrics } from '../shared/observability.ts';
import { executionSchema, runIdOf } from '../shared/runs/run-id.ts';
import { putJson } from '../shared/store/artifact-store.ts';
import { readJsonIfSound } from '../shared/store/json-artifact.ts';
import { openArtifactStore } from '../shared/store/open-artifact-store.ts';
import { buildFailureReport, type FailureReport, failureReportSchema } from './failure-report.ts';

const eventSchema = z.object({
  /** Step Functions knows the time of the last redrive only of an execution that was redriven. */
  execution: executionSchema.extend({ context: z.object({ RedriveTime: z.string().optional() }).optional() }),
  failure: z.record(z.string(), z.object({ Error: z.string().optional(), Cause: z.string().optional() })),
});

const configuration = readConfiguration();
const store = openArtifactStore(configuration.storeUri);

/**
 * Where every stage's Catch leads. It writes `failure.json` and fails by itself, so that the execution fails.
 *
 * Redriving the execution starts here again: this time the report is there, older than the redrive, and is taken away.
 * The state machine goes back to its first stage, where each finished stage finds its work done. So a redrive resumes
 * the run at the stage that failed. A report that is not older is this failure's own, whose answer was lost: it fails
 * again with the same words.
 */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(async (event: unknown): Promise<{ resumed: FailureReport }> => {
    const { execution, failure } = eventSchema.parse(event);
    const runId = runIdOf(execution);
    const artifacts = await store;
    const key = artifactKey(runId, 'failure');
    const report = buildFailureReport(runId, failure, new Date().toISOString());
    const isThere = (await artifacts.get(key)) !== undefined;
    // A report that is torn must not keep the run from going on: the failure itself says the same.
    const earlier = isThere
      ? await readJsonIfSound(artifacts, key, failureReportSchema, ({ message }) => logger.warn(message))
      : undefined;
    const redrivenAt = execution.context?.RedriveTime;
    if (isThere && redrivenAt !== undefined && isBefore(earlier?.failedAt, redrivenAt)) {
      await artifacts.delete(key);
      logger.info('Run resumes', { runId, stage: report.stage });
      return { resumed: earlier ?? report };
    }
    if (earlier === undefined) {
      await putJson(artifacts, key, report);
      metrics.addDimension('stage', report.stage);
      metrics.addMetric('RunFailed', MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    }
    logger.error('Run failed', { ...report });
    throw new RunFailedError(`Stage ${report.stage} of run ${runId} failed. ${report.error}: ${report.cause}`);
  });

/** @param failedAt undefined of a report that is torn, whose time nobody knows. */
function isBefore(failedAt: string | undefined, redrivenAt: string): boolean {
  return failedAt === undefined || Date.parse(failedAt) < Date.parse(redrivenAt);
}
