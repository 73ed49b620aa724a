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
import { referenceSessionsSchema } from '../../engine/evaluation/reference-sessions.ts';
import { runEvaluationSchema, trialSchema } from '../../engine/evaluation/run-evaluation.ts';
import { runReportSchema } from '../../engine/evaluation/run-report.ts';
import { clusteringModelSchema } from '../../engine/k-means/cluster-model.ts';
import { GOLDEN_RELEASES } from './releases.ts';

type Schema = z.ZodType<object>;

/** Every JSON file of every release, with the schema that reads it. */
const FILES = GOLDEN_RELEASES.flatMap(({ version, folder, runId }) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && file !== 'answers.json')
    .map((file): [string, Schema] => [join(version, file), schemaOf(file.slice(`runs/${runId}/`.length), file)]),
);

function schemaOf(name: string, file: string): Schema {
  if (file === 'current.json') return currentPointerSchema;
  const schemas: Record<string, Schema> = {
    'request.json': storedRequestSchema,
    'manifest.json': manifestSchema,
    'report.json': runReportSchema,
    'clustering_model/clustering_model.json': clusteringModelSchema,
    'experiments/plan.json': experimentPlanSchema,
    'experiments/evaluation.json': runEvaluationSchema,
    'experiments/reference_sessions.json': referenceSessionsSchema,
  };
  if (name.startsWith('stages/')) return stageRecordSchema;
  return name.startsWith('experiments/candidate-') ? trialSchema : schemas[name];
}
const bytesOf = (file: string) => readFileSync(join(import.meta.dirname, file));

it.each(FILES)('%s is read whole', (file, schema) => {
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
