import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { trainingRequestOf } from '../lib/training-options.ts';

/** What the stages of one new run get, on a file in the e-shop's columns. */
export function newRunEvent(data: string, preset: string) {
  return {
    execution: { id: `bench:${randomUUID()}`, startedAt: new Date().toISOString() },
    request: trainingRequestOf({ data, format: 'eshop', preset, set: {} }),
  };
}

/** Node's arguments for a process that runs these stages and nothing else. */
export function stageArguments(stages: readonly string[], workspace: string, event: object): string[] {
  return [path.join(import.meta.dirname, 'stage-process.ts'), stages.join(), workspace, JSON.stringify(event)];
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)!;
}
