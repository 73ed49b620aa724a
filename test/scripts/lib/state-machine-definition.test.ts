import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import validateDefinition from 'asl-validator';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { PIPELINE } from '../../../lambdas/pipeline.ts';
import { synthesizeDefinition, trainingDefinition } from '../../../scripts/lib/state-machine-definition.ts';

interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Variable: string; IsPresent: boolean; Next: string }[];
  End?: boolean;
  TimeoutSeconds?: number;
  Retry?: { ErrorEquals: string[]; MaxAttempts?: number }[];
  Catch?: { ErrorEquals: string[]; Next: string; ResultPath?: string }[];
  ItemProcessor?: { States: Record<string, State> };
}

let definition: { StartAt: string; States: Record<string, State>; TimeoutSeconds?: number };
/** Stage → the state that invokes it, and the one in the main line, around it or itself. */
let stageStates: { stage: (typeof PIPELINE)[number]; task: State; outer: State; outerName: string }[];

beforeAll(async () => {
  definition = (await synthesizeDefinition()) as typeof definition;
  stageStates = PIPELINE.map((stage) => {
    const [outerName, outer] = Object.entries(definition.States).find(
      ([name, state]) => name === stage.name || state.ItemProcessor?.States[stage.name] !== undefined,
    )!;
    return { stage, outer, outerName, task: outer.ItemProcessor?.States[stage.name] ?? outer };
  });
});

describe('the synthesized state machine', () => {
  it('is valid Amazon States Language, every state reachable', async () => {
    // The validator writes its defaults into what it is given.
    const { isValid, errorsText } = await validateDefinition(structuredClone(definition));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it('repeats a stage that S3 kept from its work', () => {
    for (const { task } of stageStates) {
      const retry = task.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('UnavailableError'));
      expect(retry?.MaxAttempts).toBeGreaterThanOrEqual(5);
    }
  });

  it('has the states of the stage table, in its order, and the failure report', () => {
    const mainLine: string[] = [];
    for (let name: string | undefined = definition.StartAt; name !== undefined; ) {
      const state: State = definition.States[name];
      if (state.Type !== 'Choice') mainLine.push(name);
      name = state.Next ?? state.Default;
    }
    expect(mainLine).toEqual(stageStates.map(({ outerName }) => outerName));
    const others = ['anything-new', 'report-failure', 'unchanged'];
    expect(Object.keys(definition.States).toSorted()).toEqual([...mainLine, ...others].toSorted());
    expect(definition.States[mainLine.at(-1)!].End).toBe(true);
  });

  it('ends well, before anything is trained, when the first stage finds nothing new', () => {
    expect(definition.States['ingest'].Next).toBe('anything-new');
    expect(definition.States['anything-new']).toMatchObject({
      Choices: [{ Variable: '$.results.ingest.counts.unchanged', IsPresent: true, Next: 'unchanged' }],
      Default: 'sequence',
    });
    expect(definition.States['unchanged'].Type).toBe('Succeed');
  });

  it('retries service faults, catches everything else, and bounds the time of every stage', () => {
    for (const { stage, task, outer } of stageStates) {
      expect(task.TimeoutSeconds).toBeGreaterThan(stage.timeoutSeconds);
      expect(task.Retry?.[0].ErrorEquals).toContain('Lambda.TooManyRequestsException');
      for (const { ErrorEquals } of task.Retry!) {
        expect(ErrorEquals).not.toContain('InputError');
        expect(ErrorEquals).not.toContain('States.ALL');
      }
      expect(outer.Catch).toEqual([
        { ErrorEquals: ['States.ALL'], Next: 'report-failure', ResultPath: `$.failure.${stage.name}` },
      ]);
    }
  });

  it('tries a lost conditional write again where current moves, and nowhere else', () => {
    for (const { stage, task } of stageStates) {
      const isRetried = task.Retry!.some(({ ErrorEquals }) => ErrorEquals.includes('ConflictError'));
      expect(isRetried).toBe(stage.writes.includes('current'));
    }
  });

  it('goes from the failure report to the first stage, so that a redrive resumes the run', () => {
    const report = definition.States['report-failure'];
    expect(report.Next).toBe(definition.StartAt);
    // With what tells a redrive from an answer that was lost.
    expect(JSON.stringify(report)).toContain('"context.$":"$$.Execution"');
    expect(report.Catch).toBeUndefined();
    expect(report.TimeoutSeconds).toBeGreaterThan(0);
  });

  it('leaves room for every stage to be tried twice', () => {
    expect(definition.TimeoutSeconds).toBeGreaterThanOrEqual(
      PIPELINE.reduce((sum, { timeoutSeconds }) => sum + 2 * timeoutSeconds, 0),
    );
  });
});

it('the definition that a local run keeps is the synthesized one', async () => {
  expect(await trainingDefinition()).toEqual(definition);
  // Read back from where it was kept.
  expect(await trainingDefinition()).toEqual(definition);
});

it('leaves nothing in the folder for temporary files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alike-definition-test-'));
  vi.stubEnv('TMPDIR', folder);
  try {
    await synthesizeDefinition();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  }
});
