import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import { publish } from '../support/published-model.ts';
import { runScript } from '../support/run-script.ts';

const recommend = (...argv: string[]) => runScript('recommend.ts', ...argv);

describe('recommend, over a workspace with a published model', () => {
  let workspace: string;

  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'alike-workspace-'));
    await publish(await openArtifactStore(pathToFileURL(workspace).href), 'run-1');
  });
  afterAll(() => rm(workspace, { recursive: true }));

  // The model's products P0…P3 stand on the rays (1, 0)…(1, 3): cosines with P0 are 1/√2, 1/√5, 1/√10.
  it('prints a table of the nearest products', async () => {
    const { exitCode, stdout, stderr } = await recommend('P0', '--count', '3', '--workspace', workspace);
    expect(stderr).toBe('');
    expect(stdout).toBe(
      [
        'Similar to P0 (strategy embedding, model run-1)',
        '',
        'rank  product  score  source',
        '   1  P1       0.707  model',
        '   2  P2       0.447  model',
        '   3  P3       0.316  model',
        '',
      ].join('\n'),
    );
    expect(exitCode).toBe(0);
  });

  it('prints the answer as one line of JSON', async () => {
    const { stdout } = await recommend('P0', '--strategy', 'popularity', '--json', '--workspace', workspace);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const { strategy, items } = JSON.parse(stdout);
    expect(strategy).toBe('popularity');
    expect(items.map(({ productId }: { productId: string }) => productId)).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
  });

  it('answers the same for the same seed', async () => {
    const sample = () => recommend('P0', '--strategy', 'cluster-sample', '--seed', '7', '--workspace', workspace);
    const [first, second] = await Promise.all([sample(), sample()]);
    expect(second.stdout).toBe(first.stdout);
  });

  it.each(['50% off', 'what?'])('finds the product %j', async (productId) => {
    const { stdout } = await recommend(productId, '--json', '--workspace', workspace);
    expect(JSON.parse(stdout).productId).toBe(productId);
  });
});

it('names the fix when nothing is trained', async () => {
  const { exitCode, stdout, stderr } = await recommend('P0', '--json', '--workspace', join(tmpdir(), 'alike-nothing'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: Nothing is trained in .*npm run train/);
  expect(JSON.parse(stdout).error.name).toBe('NoModelError');
});

it.each([
  [['P0', '--strategy', 'nearest'], /Allowed choices are .*cluster-sample/],
  [['P0', '--url', 'abc123'], /starts with https:\/\/ or http:\/\//],
  [['P0', '--url', 'https://a.example', '--workspace', 'w'], /cannot be used with/],
])('refuses %j', async (argv, message) => {
  const { exitCode, stderr } = await recommend(...argv);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});
