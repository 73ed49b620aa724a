import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type * as z from 'zod';
import { currentPointerSchema } from '../../engine/artifacts/current-pointer.ts';
import { decodeJsonArtifact } from '../../engine/artifacts/json-artifact.ts';
import { manifestSchema } from '../../engine/artifacts/manifest.ts';
import { stageRecordSchema } from '../../engine/artifacts/stage-record.ts';
import { storedRequestSchema } from '../../engine/artifacts/training-request.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { experimentPlanSchema } from '../../engine/evaluation/experiment-plan.ts';
import { runEvaluationSchema, trialSchema } from '../../engine/evaluation/run-evaluation.ts';
import { runReportSchema } from '../../engine/evaluation/run-report.ts';
import { clusteringModelSchema } from '../../engine/k-means/cluster-model.ts';

const RELEASE = join(import.meta.dirname, '0.1.0');
const RUN = join('runs', readdirSync(join(RELEASE, 'runs'))[0]);

const FILES: [string, z.ZodType<object>][] = [
  ['current.json', currentPointerSchema],
  [`${RUN}/request.json`, storedRequestSchema],
  [`${RUN}/manifest.json`, manifestSchema],
  [`${RUN}/report.json`, runReportSchema],
  [`${RUN}/clustering_model/clustering_model.json`, clusteringModelSchema],
  [`${RUN}/experiments/plan.json`, experimentPlanSchema],
  [`${RUN}/experiments/candidate-1.json`, trialSchema],
  [`${RUN}/experiments/candidate-2.json`, trialSchema],
  [`${RUN}/experiments/evaluation.json`, runEvaluationSchema],
  ...readdirSync(join(RELEASE, RUN, 'stages')).map((name): [string, z.ZodType<object>] => [
    `${RUN}/stages/${name}`,
    stageRecordSchema,
  ]),
];
const bytesOf = (file: string) => readFileSync(join(RELEASE, file));

it.each(FILES)('%s of release 0.1.0 is read whole', (file, schema) => {
  const bytes = bytesOf(file);
  expect(decodeJsonArtifact(bytes, file, schema)).toMatchObject(JSON.parse(bytes.toString()));
});

it.each(FILES)('%s may have fields that a later release adds', (file, schema) => {
  const parsed = JSON.parse(bytesOf(file).toString());
  const later = Buffer.from(JSON.stringify({ ...parsed, addedLater: { anything: [1] } }));
  expect(decodeJsonArtifact(later, file, schema)).toEqual(decodeJsonArtifact(bytesOf(file), file, schema));
});

it.each(FILES)('%s that is torn, emptied or another file is refused by its name', (file, schema) => {
  const bytes = bytesOf(file);
  const broken = [bytes.subarray(0, bytes.length / 2), Buffer.alloc(0), Buffer.from('{}'), Buffer.from('null')];
  for (const found of broken) {
    const read = () => decodeJsonArtifact(found, file, schema);
    expect(read).toThrow(ArtifactError);
    expect(read).toThrow(`${file} cannot be read: `);
    expect(read).toThrow(/bring back the file as it was, or train a new run\.$/);
  }
});
