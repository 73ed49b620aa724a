import { beforeAll, describe, expect, test } from 'vitest';
import { PIPELINE } from '../../../lambdas/pipeline.ts';
import { type Resource, SYNTH_TIMEOUT_MS, synthesize } from '../synthesize.ts';

let resources: Record<string, Resource>;
beforeAll(() => {
  resources = synthesize();
}, SYNTH_TIMEOUT_MS);

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

/** Every statement of every role, with the role's construct name. */
function statements(): { role: string; actions: string[]; resources: string[] }[] {
  return Object.entries(resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
    .flatMap(([id, { Properties }]) =>
      (Properties['PolicyDocument'].Statement as Statement[]).map(({ Action, Resource }) => ({
        role: id,
        actions: [Action].flat(),
        resources: [Resource].flat().map((resource) => JSON.stringify(resource)),
      })),
    );
}

const ROLE_OF = /^(Functions|Catalogue)/;

/** Keys and key patterns that a function may use an action on. */
function keysOf(name: string, action: string): string[] {
  return statements()
    .filter(
      ({ role, actions }) =>
        ROLE_OF.test(role) &&
        role.replace(ROLE_OF, '').startsWith(`${name.replaceAll('-', '')}Role`) &&
        actions.includes(action),
    )
    .flatMap((statement) => statement.resources.map((resource) => /"\/([^"]+)"\]\]/.exec(resource)?.[1] ?? resource))
    .sort();
}

test('no role may do everything, or anything everywhere but trace and deliver logs', () => {
  const allowedEverywhere =
    /^(xray:|logs:(CreateLogDelivery|GetLogDelivery|UpdateLogDelivery|DeleteLogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$)/;
  for (const statement of statements()) {
    for (const action of statement.actions) {
      expect(action).not.toContain('*');
      if (statement.resources.includes('"*"')) expect(action).toMatch(allowedEverywhere);
    }
  }
});

test('ingest reads uploads, what the live run was made of, and its own writes, and writes what it makes of them', () => {
  expect(keysOf('ingest', 's3:GetObject')).toEqual([
    'catalogue/current.json',
    'current.json',
    'quarantine/*',
    'raw/*',
    'runs/*/manifest.json',
    'runs/*/quarantine.json',
    'runs/*/raw_session_based_clickstream_data/raw_session_based_clickstream_data.parquet',
    'runs/*/rejected_rows/rejected_rows.parquet',
    'runs/*/request.json',
    'runs/*/serving/index.bin',
    'runs/*/stages/*.json',
    'runs/*/unchanged.json',
    'runs/*/views/views.bin',
  ]);
  expect(keysOf('ingest', 's3:PutObject')).toEqual([
    'quarantine/*',
    'runs/*/quarantine.json',
    'runs/*/raw_session_based_clickstream_data/raw_session_based_clickstream_data.parquet',
    'runs/*/rejected_rows/rejected_rows.parquet',
    'runs/*/request.json',
    'runs/*/stages/ingest.json',
    'runs/*/unchanged.json',
    'runs/*/views/views.bin',
  ]);
});

test('ingest may see whether the live run is whole, without which no run ends as unchanged', () => {
  const prefixes = Object.entries(resources)
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith('FunctionsingestRole'))
    .flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement)
    .flatMap(({ Action, Condition }) => (Action === 's3:ListBucket' ? Condition.StringLike['s3:prefix'] : []));
  expect(prefixes).toContain('runs/*/serving/index.bin');
});

test('cluster reads vectors and its own writes, and no upload', () => {
  expect(keysOf('cluster', 's3:GetObject')).toEqual([
    'runs/*/clustering_model/cluster_assignments.bin',
    'runs/*/clustering_model/clustering_model.json',
    'runs/*/clustering_model/k_selection.svg',
    'runs/*/clustering_model/products_per_cluster.svg',
    'runs/*/clustering_model/vectors_by_cluster.svg',
    'runs/*/final_product_clusters/final_product_clusters.parquet',
    'runs/*/request.json',
    'runs/*/stages/*.json',
    'runs/*/vectors/vectors.bin',
  ]);
});

test('catalogue reads feeds and its own writes, and changes no upload', () => {
  const own = ['catalogue.bin', 'feed.bin', 'feed.json', 'rejected_rows/rejected_rows.parquet'].map(
    (file) => `catalogue/2*/${file}`,
  );
  expect(keysOf('catalogue', 's3:GetObject')).toEqual([...own, 'catalogue/current.json', 'catalogue/feeds/*']);
  expect(keysOf('catalogue', 's3:GetObjectVersion')).toEqual(['catalogue/feeds/*']);
  expect(keysOf('catalogue', 's3:PutObject')).toEqual([...own, 'catalogue/current.json']);
  expect(keysOf('catalogue', 's3:DeleteObject')).toEqual(own);
});

describe('who may do what', () => {
  const names = [...PIPELINE.map(({ name }) => name), 'report-failure', 'recommend', 'retire-runs'];

  test('publish alone may move current.json', () => {
    expect(names.filter((name) => keysOf(name, 's3:PutObject').includes('current.json'))).toEqual(['publish']);
  });

  test('ingest alone may read uploads, and nobody may write or delete them', () => {
    expect(names.filter((name) => keysOf(name, 's3:GetObject').includes('raw/*'))).toEqual(['ingest']);
    for (const action of ['s3:PutObject', 's3:DeleteObject']) {
      for (const name of names)
        expect(keysOf(name, action).filter((key) => !/^(runs\/|quarantine\/|current\.json$)/.test(key))).toEqual([]);
    }
  });

  test('report-failure alone may delete, and only its own report', () => {
    expect(names.flatMap((name) => keysOf(name, 's3:DeleteObject'))).toEqual(['runs/*/failure.json']);
  });

  test('recommend may write nothing', () => {
    expect(keysOf('recommend', 's3:PutObject')).toEqual([]);
    expect(keysOf('recommend', 's3:GetObject')).toEqual([
      'catalogue/2*/catalogue.bin',
      'catalogue/current.json',
      'current.json',
      'rules/*',
      'runs/*/data_profile.json',
      'runs/*/failure.json',
      'runs/*/manifest.json',
      'runs/*/rejected_rows/rejected_rows.parquet',
      'runs/*/report.json',
      'runs/*/request.json',
      'runs/*/serving/index.bin',
      'runs/*/stages/*.json',
      'runs/*/unchanged.json',
    ]);
  });
});
