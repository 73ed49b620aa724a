import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { PIPELINE, REPORT_FAILURE, type Stage, type StageName, UNCHANGED } from '../../lambdas/pipeline.ts';
import { InvokeVersion } from './invoke-version.ts';

export interface TrainingStateMachineProps {
  readonly stageFunctions: Record<StageName, IFunction>;
  readonly reportFailureFunction: IFunction;
  /** @default - none, for a definition that is only read */
  readonly logs?: sfn.LogOptions;
}

/** Faults of the service or of its capacity, never of the data: the same invocation may go through in a moment. */
const TRANSIENT_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  // S3 that throttles, fails or cannot be reached: see `explainS3Error`.
  'UnavailableError',
];

/** Candidates that are tried side by side; an account starts with 1,000 concurrent Lambdas, some with 10. */
const MAX_CONCURRENCY = 5;

/** Room for Lambda's own timeout to fire first, with its clearer message. */
const TASK_TIMEOUT_MARGIN_SECONDS = 30;

/**
 * The one definition of a training run, in the order of the stage table. The same definition runs on AWS, on the
 * emulator of the cloud test, and in process for a local run (`scripts/lib/local-run.ts`).
 */
export class TrainingStateMachine extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: TrainingStateMachineProps) {
    super(scope, id);
    const reportFailure = new InvokeVersion(this, 'ReportFailure', {
      stateName: REPORT_FAILURE,
      comment: 'Writes failure.json and fails the run; when redriven, resumes it',
      lambdaFunction: props.reportFailureFunction,
      payload: sfn.TaskInput.fromObject({
        // As a whole: of an execution that was never redriven, the path of its redrive's time would be an error.
        execution: { ...EXECUTION, context: sfn.JsonPath.objectAt('$$.Execution') },
        failure: sfn.JsonPath.objectAt('$.failure'),
      }),
      resultPath: sfn.JsonPath.DISCARD,
      taskTimeout: sfn.Timeout.duration(Duration.minutes(2)),
      retryOnServiceExceptions: false,
    });
    reportFailure.addRetry(TRANSIENT_RETRY);

    const states = PIPELINE.map((stage) => this.stageState(stage, props.stageFunctions[stage.name], reportFailure));
    reportFailure.next(states[0]);
    const [ingest, ...training] = states;
    ingest.next(this.unlessUnchanged(training[0]));
    for (let i = 1; i < training.length; i++) training[i - 1].next(training[i]);

    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      comment: 'Alike: from a clickstream file to recommendations',
      definitionBody: sfn.DefinitionBody.fromChainable(states[0]),
      timeout: Duration.seconds(PIPELINE.reduce((total, stage) => total + 2 * stage.timeoutSeconds, 0)),
      tracingEnabled: true,
      ...(props.logs !== undefined && { logs: props.logs }),
    });
  }

  /** The first stage knows the input's hashes: with those, the settings and the code of the live run there is nothing to train. */
  private unlessUnchanged(next: sfn.IChainable): sfn.Choice {
    const count = `$.results.${PIPELINE[0].name}.counts.unchanged`;
    return new sfn.Choice(this, 'AnythingNew', { stateName: 'anything-new' })
      .when(
        sfn.Condition.isPresent(count),
        new sfn.Succeed(this, 'Unchanged', { stateName: UNCHANGED, comment: 'Nothing new: what is live stays live' }),
      )
      .otherwise(next);
  }

  private stageState(stage: Stage, lambdaFunction: IFunction, reportFailure: InvokeVersion) {
    const invoke = this.invocation(stage, lambdaFunction);
    const state = stage.forEachItemOf === undefined ? invoke : this.overItems(stage, invoke);
    state.addCatch(reportFailure, { errors: ['States.ALL'], resultPath: `$.failure.${stage.name}` });
    return state;
  }

  /** One invocation an item that the earlier stage returned, side by side. */
  private overItems(stage: Stage, invoke: InvokeVersion): sfn.Map {
    return new sfn.Map(this, `${stage.name}-map`, {
      stateName: `${stage.name}-each`,
      itemsPath: `$.results.${stage.forEachItemOf}.items`,
      // Taken here, since interpreters disagree on what $$.Execution is inside an iteration.
      itemSelector: { ...STAGE_EVENT, item: sfn.JsonPath.stringAt('$$.Map.Item.Value') },
      maxConcurrency: MAX_CONCURRENCY,
      // Each invocation leaves its own artifact and record: nothing to carry through the states after it.
      resultPath: sfn.JsonPath.DISCARD,
    }).itemProcessor(invoke);
  }

  private invocation(stage: Stage, lambdaFunction: IFunction): InvokeVersion {
    const overItems = stage.forEachItemOf !== undefined;
    const hasItems = PIPELINE.some(({ forEachItemOf }) => forEachItemOf === stage.name);
    const state = new InvokeVersion(this, stage.name, {
      stateName: stage.name,
      comment: stage.purpose,
      lambdaFunction,
      payload: overItems ? sfn.TaskInput.fromJsonPathAt('$') : sfn.TaskInput.fromObject(STAGE_EVENT),
      resultSelector: {
        runId: sfn.JsonPath.stringAt('$.Payload.runId'),
        keys: sfn.JsonPath.objectAt('$.Payload.keys'),
        counts: sfn.JsonPath.objectAt('$.Payload.counts'),
        ...(hasItems && { items: sfn.JsonPath.objectAt('$.Payload.items') }),
      },
      ...(!overItems && { resultPath: `$.results.${stage.name}` }),
      taskTimeout: sfn.Timeout.duration(Duration.seconds(stage.timeoutSeconds + TASK_TIMEOUT_MARGIN_SECONDS)),
      retryOnServiceExceptions: false,
    });
    state.addRetry(TRANSIENT_RETRY);
    // Somebody moved current.json between the read and the write of this run's publication.
    if (stage.writes.includes('current')) {
      state.addRetry({ errors: ['ConflictError'], interval: Duration.seconds(1), maxAttempts: 3, backoffRate: 2 });
    }
    return state;
  }
}

const EXECUTION = {
  id: sfn.JsonPath.stringAt('$$.Execution.Id'),
  startedAt: sfn.JsonPath.stringAt('$$.Execution.StartTime'),
};

/** What every stage is invoked with: see `lambdas/shared/stage-handler.ts`. */
const STAGE_EVENT = { execution: EXECUTION, request: sfn.JsonPath.objectAt('$$.Execution.Input') };

const TRANSIENT_RETRY: sfn.RetryProps = {
  errors: TRANSIENT_ERRORS,
  interval: Duration.seconds(2),
  maxAttempts: 5,
  backoffRate: 2,
  jitterStrategy: sfn.JitterType.FULL,
};
