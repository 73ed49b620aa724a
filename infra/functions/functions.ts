import { Duration, Size } from 'aws-cdk-lib';
import { ApplicationLogLevel, type IFunction, LoggingFormat, SystemLogLevel, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type ArtifactName, CURRENT_KEY, RUNS_PREFIX } from '../../engine/artifacts/artifact-keys.ts';
import { CATALOGUE_CURRENT_KEY } from '../../engine/catalogue/catalogue-keys.ts';
import { RULES_PREFIX } from '../../engine/rules/published-rules.ts';
import { PIPELINE, type StageName } from '../../lambdas/pipeline.ts';
import { cataloguePattern } from '../catalogue/catalogue-feeds.ts';
import { artifactPattern, grantKeys, STAGE_RECORDS, stagePatterns } from '../storage/artifact-permissions.ts';
import { AlikeFunction, type FunctionDefaults } from './alike-function.ts';

export interface FunctionsProps {
  readonly bucket: IBucket;
  readonly defaults: FunctionDefaults;
  /** Takes what a function could not be invoked with. */
  readonly deadLetters: IQueue;
  /** Told the verdict on each run. */
  readonly topic: ITopic;
  /** Of the Lambda that answers. */
  readonly recommendMemoryMb: number;
  /** Whether X-Ray traces its calls. */
  readonly traceAnswers: boolean;
  /** @default - each stage's own, from the stage table */
  readonly trainingMemoryMb: number | undefined;
  /** The request of runs that an upload or the schedule starts. */
  readonly trainingDefaults: Record<string, unknown>;
}

/** What the API shows of a run, beside the records of its stages: see `lambdas/recommend/routes/`. */
const SHOWN_ARTIFACTS: readonly ArtifactName[] = [
  'serving',
  'manifest',
  'report',
  'request',
  'failure',
  'unchanged',
  'data_profile',
  'rejected_rows',
];

/** The functions that work on artifacts: one a stage of the table, and those around them. */
export class Functions extends Construct {
  readonly stages: Readonly<Record<StageName, AlikeFunction>>;
  readonly reportFailure: AlikeFunction;
  readonly recommend: AlikeFunction;
  readonly retireRuns: AlikeFunction;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { bucket, defaults } = props;

    const stages = PIPELINE.map((stage) => {
      const stageFunction = new AlikeFunction(this, stage.name, {
        defaults,
        folder: stage.name,
        description: stage.purpose,
        memorySize: props.trainingMemoryMb ?? stage.memoryMb,
        timeout: Duration.seconds(stage.timeoutSeconds),
        ephemeralStorageSize: Size.mebibytes(stage.ephemeralStorageMb),
        usesDuckDb: stage.usesDuckDb,
        environment: { ALIKE_TRAINING_DEFAULTS: JSON.stringify(props.trainingDefaults) },
      });
      grantKeys(bucket, stageFunction.role!, stagePatterns(stage));
      return [stage.name, stageFunction] as const;
    });
    this.stages = Object.fromEntries(stages) as Record<StageName, AlikeFunction>;
    this.stages.publish.addEnvironment('ALIKE_TOPIC_ARN', props.topic.topicArn);
    props.topic.grantPublish(this.stages.publish);

    const failure = [artifactPattern('failure')];
    this.reportFailure = new AlikeFunction(this, 'report-failure', {
      defaults,
      folder: 'report-failure',
      description: 'Says which stage of a run failed and why, and fails the run',
      memorySize: 256,
      timeout: Duration.minutes(1),
    });
    grantKeys(bucket, this.reportFailure.role!, { read: failure, write: failure, delete: failure });

    this.recommend = new AlikeFunction(this, 'recommend', {
      defaults,
      folder: 'recommend',
      description: 'Answers the HTTP API from the live model',
      memorySize: props.recommendMemoryMb,
      timeout: Duration.seconds(10),
      // X-Ray traces one call a second and 5 % of the others, and Lambda lets nobody choose: nearly all of a small shop's.
      tracing: props.traceAnswers ? Tracing.ACTIVE : Tracing.PASS_THROUGH,
      // Without Lambda's own three lines a call, which say nothing that its metrics do not; failures are told.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
    });
    grantKeys(bucket, this.recommend.role!, {
      read: [
        CURRENT_KEY,
        `${RULES_PREFIX}*`,
        ...SHOWN_ARTIFACTS.map(artifactPattern),
        STAGE_RECORDS,
        CATALOGUE_CURRENT_KEY,
        cataloguePattern('catalogue'),
      ],
      // All runs, and what one of them left.
      list: [RUNS_PREFIX, `${RUNS_PREFIX}*/`],
    });

    this.retireRuns = new AlikeFunction(this, 'retire-runs', {
      defaults,
      folder: 'retire-runs',
      description: 'Says which runs may expire, whenever another run goes live',
      memorySize: 256,
      timeout: Duration.minutes(5),
      deadLetterQueue: props.deadLetters,
      environment: { ALIKE_BUCKET: bucket.bucketName },
    });
    grantKeys(bucket, this.retireRuns.role!, {
      read: [CURRENT_KEY],
      tag: [`${RUNS_PREFIX}*`],
      list: [RUNS_PREFIX],
    });
  }

  /** As the states of a run call them: what is deployed later does not change them. */
  publishedStages(): Record<StageName, IFunction> {
    const versions = PIPELINE.map(({ name }) => [name, this.stages[name].currentVersion] as const);
    return Object.fromEntries<IFunction>(versions) as Record<StageName, IFunction>;
  }

  /** Everything that can be watched, by name. */
  all(): ReadonlyMap<string, AlikeFunction> {
    return new Map(
      this.node.children.flatMap((child) => (child instanceof AlikeFunction ? [[child.node.id, child]] : [])),
    );
  }
}
