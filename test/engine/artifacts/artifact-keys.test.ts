import { expect, test } from 'vitest';
import { artifactKey, runOfKey, stageRecordKey, trialKey } from '../../../engine/artifacts/artifact-keys.ts';

test('the run is found again in the key of each of its objects', () => {
  const keys = [
    artifactKey('r1', 'manifest'),
    trialKey('r1', 'candidate-1'),
    stageRecordKey('r1', 'embed'),
    'runs/r1/',
  ];

  expect(keys.map(runOfKey)).toEqual(['r1', 'r1', 'r1', 'r1']);
});
