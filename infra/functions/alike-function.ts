import { RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { duckDbBundling } from './duckdb-bundling.ts';
import { explainWildcard } from './explained-wildcards.ts';

/** What all functions of a deployment have in common. */
export interface FunctionDefaults {
  readonly architecture: 'arm64' | 'x86_64';
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly environment: Record<string, string>;
}

export interface AlikeFunctionProps extends NodejsFunctionProps {
  readonly defaults: FunctionDefaults;
  /** The folder under `lambdas/` that holds its `handler.ts`. */
  readonly folder: string;
  /** Ship DuckDB's native library for Lambda's OS and CPU. */
  readonly usesDuckDb?: boolean;
}

/** A Lambda of Alike: its own role without any permission but its logs and traces, its own log group. */
export class AlikeFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, { defaults, folder, usesDuckDb, ...props }: AlikeFunctionProps) {
    const { architecture, logRetention, removalPolicy, environment } = defaults;
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(scope, `${id}Logs`, { retention: logRetention, removalPolicy });
    logGroup.grantWrite(role);
    super(scope, id, {
      entry: `${LAMBDAS_FOLDER}/${folder}/handler.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      tracing: Tracing.ACTIVE,
      // A run that is under way goes on with the version that it began with, whatever is deployed meanwhile.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      role,
      logGroup,
      ...props,
      environment: { ...environment, ...props.environment },
      bundling: {
        ...BUNDLING,
        ...(usesDuckDb && duckDbBundling(architecture)),
        ...props.bundling,
      },
    });
    explainWildcard(role, '*', 'X-Ray has no resources: its two Put actions can be allowed on * only.');
  }
}

const LAMBDAS_FOLDER = new URL('../../lambdas', import.meta.url).pathname;

const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  // The SDK goes into the bundle: pinned, faster to start than the runtime's, and emulators have none.
  externalModules: [],
  // CommonJS packages inside an ESM bundle call require().
  banner: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
};
