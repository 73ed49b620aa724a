import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import { PIPELINE, type StageName } from '../../lambdas/pipeline.ts';

const ROOT = join(import.meta.dirname, '../..');
const CACHE_FOLDER = join(ROOT, 'node_modules/.cache/alike');

/** What the definition is made of. A change in any of them makes a new one. */
const SOURCES = ['infra/training/training-state-machine.ts', 'lambdas/pipeline.ts', 'cdk.json', 'package-lock.json'];

/**
 * The training state machine as CDK synthesizes it. Synthesizing takes about a second and gives the same every
 * time, so the definition is kept beside the installed packages, by the hash of its sources.
 */
export async function trainingDefinition(): Promise<StateMachineDefinition> {
  const hash = createHash('sha256');
  for (const source of SOURCES) hash.update(await readFile(join(ROOT, source)));
  const file = join(CACHE_FOLDER, `training-${hash.digest('hex').slice(0, 16)}.json`);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    const definition = await synthesizeDefinition();
    await mkdir(CACHE_FOLDER, { recursive: true });
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, JSON.stringify(definition));
    await rename(temporary, file);
    return definition;
  }
}

/** The construct that is deployed, on a stack of its own whose functions stand for the local handlers. */
export async function synthesizeDefinition(): Promise<StateMachineDefinition> {
  const [{ App, Stack }, { Function: LambdaFunction }, { TrainingStateMachine }] = await Promise.all([
    import('aws-cdk-lib/core'),
    import('aws-cdk-lib/aws-lambda'),
    import('../../infra/training/training-state-machine.ts'),
  ]);
  const { context } = JSON.parse(await readFile(join(ROOT, 'cdk.json'), 'utf8'));
  const outdir = await mkdtemp(join(tmpdir(), 'alike-definition-'));
  try {
    // What is deployed is validated when it is synthesized: see `infra/app.ts`.
    const app = new App({ outdir, context, analyticsReporting: false, builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Local');
    const functionOf = (name: string) =>
      LambdaFunction.fromFunctionArn(stack, name, `arn:aws:lambda:us-east-1:000000000000:function:${name}`);
    new TrainingStateMachine(stack, 'Training', {
      stageFunctions: Object.fromEntries(PIPELINE.map(({ name }) => [name, functionOf(name)])) as Record<
        StageName,
        ReturnType<typeof functionOf>
      >,
      reportFailureFunction: functionOf('report-failure'),
    });
    const { Resources } = app.synth().getStackByName(stack.stackName).template;
    return JSON.parse(resolveJoin(definitionStringOf(Resources)));
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

/** The definition of the only state machine among a template's resources. */
function definitionStringOf(resources: Record<string, { Type: string; Properties: Record<string, unknown> }>): unknown {
  const machine = Object.values(resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  return machine?.Properties['DefinitionString'];
}

/** The template joins text and the partition ("aws"), the only thing that it does not know yet. */
function resolveJoin(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join } = value as { 'Fn::Join': [string, (string | { Ref: string })[]] };
  return join[1].map((part) => (typeof part === 'string' ? part : 'aws')).join(join[0]);
}
