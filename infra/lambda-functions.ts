import { Duration, Size } from 'aws-cdk-lib';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PIPELINE, type StageName } from '../lambdas/pipeline.ts';

export interface LambdaFunctionsProps {
  readonly bucket: IBucket;
}

/** One function a stage of the table, one for failure reports, one for the API. */
export class LambdaFunctions extends Construct {
  readonly stages: Record<StageName, NodejsFunction>;
  readonly reportFailure: NodejsFunction;
  readonly recommend: NodejsFunction;

  constructor(scope: Construct, id: string, { bucket }: LambdaFunctionsProps) {
    super(scope, id);
    const environment = { ALIKE_STORE_URI: `s3://${bucket.bucketName}` };
    const newFunction = (name: string, props: NodejsFunctionProps) =>
      new NodejsFunction(this, name, {
        entry: `${LAMBDAS_FOLDER}/${name}/handler.ts`,
        runtime: Runtime.NODEJS_24_X,
        architecture: Architecture.X86_64,
        tracing: Tracing.ACTIVE,
        environment,
        ...props,
        bundling: { ...BUNDLING, ...props.bundling },
      });

    const stages = PIPELINE.map((stage) => {
      const stageFunction = newFunction(stage.name, {
        description: stage.purpose,
        memorySize: stage.memoryMb,
        timeout: Duration.seconds(stage.timeoutSeconds),
        ephemeralStorageSize: Size.mebibytes(stage.ephemeralStorageMb),
        bundling: stage.usesDuckDb ? { nodeModules: ['@duckdb/node-api'] } : {},
      });
      bucket.grantReadWrite(stageFunction);
      return [stage.name, stageFunction] as const;
    });
    this.stages = Object.fromEntries(stages) as Record<StageName, NodejsFunction>;

    this.reportFailure = newFunction('report-failure', { memorySize: 256, timeout: Duration.minutes(1) });
    bucket.grantReadWrite(this.reportFailure);
    this.recommend = newFunction('recommend', { memorySize: 1_769, timeout: Duration.seconds(10) });
    bucket.grantRead(this.recommend);
  }
}

const LAMBDAS_FOLDER = new URL('../lambdas', import.meta.url).pathname;

const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  minify: true,
  sourceMap: true,
  // The SDK goes into the bundle: pinned, faster to start than the runtime's, and emulators have none.
  externalModules: [],
  // CommonJS packages inside an ESM bundle call require().
  banner: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
};
