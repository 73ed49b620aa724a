import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runIdOf } from '../../../lambdas/shared/runs/run-id.ts';
import { provideData } from '../../../scripts/lib/cloud-run.ts';
import type { Deployment } from '../../../scripts/lib/deployment.ts';
import { describeData } from '../../../scripts/lib/train-in-cloud.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }));

const EXECUTION = 'arn:aws:states:eu-west-1:1:execution:alike-dev:after-b9998ec0';
const STARTED = 1_795_661_705.123;

/** S3 and Step Functions as far as an upload needs them: S3 in path style, with conditional writes and uploads in parts. */
let server: Server;
let objects: Map<string, Buffer>;
let parts: Map<string, Buffer>;
let written: string[];
let isRunning: boolean;
/** Called before a write is decided: another client may be faster. */
let beforeWrite: (key: string) => void;
let folder: string;

async function answer(request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (request.headers['x-amz-target'] !== undefined) {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    const executions = isRunning ? [{ executionArn: EXECUTION, name: 'after-b9998ec0', startDate: STARTED }] : [];
    return response.end(JSON.stringify({ executions }));
  }
  const url = new URL(request.url!, 'http://s3');
  const key = decodeURIComponent(url.pathname).replace(/^\/b\//, '');
  const part = url.searchParams.get('partNumber');
  if (request.method === 'HEAD' || request.method === 'GET') {
    const object = objects.get(key);
    response.statusCode = object === undefined ? 404 : 200;
    response.setHeader('content-length', object?.length ?? 0);
    return response.end(request.method === 'GET' ? object : undefined);
  }
  if (part !== null) {
    parts.set(part, body);
    return response.setHeader('etag', `"${part}"`).end();
  }
  if (request.method === 'DELETE') return response.end();
  response.setHeader('content-type', 'application/xml');
  if (url.searchParams.has('uploads')) {
    return response.end('<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>');
  }
  beforeWrite(key);
  if (request.headers['if-none-match'] === '*' && objects.has(key)) {
    response.statusCode = 412;
    return response.end('<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>');
  }
  const whole = url.searchParams.has('uploadId')
    ? Buffer.concat([...parts.keys()].sort((a, b) => Number(a) - Number(b)).map((number) => parts.get(number)!))
    : body;
  objects.set(key, whole);
  written.push(key);
  return response.end('<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>');
}

beforeEach(async () => {
  objects = new Map();
  parts = new Map();
  written = [];
  isRunning = false;
  beforeWrite = () => {};
  folder = await mkdtemp(join(tmpdir(), 'upload-files-test-'));
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const deployment = { bucket: 'b', stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:alike-dev' } as Deployment;

/** @returns its address. */
async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return pathToFileURL(path).href;
}

const hashOf = (content: string | Buffer) => createHash('sha256').update(content).digest('hex').slice(0, 8);
const TUESDAY = `raw/export-${hashOf('tuesday')}.csv`;
const textsOf = () => Object.fromEntries([...objects].map(([key, bytes]) => [key, bytes.toString()]));

it('GIVEN two files of one name THEN both are kept, and it is said as what', async () => {
  const sources = [await fileOf('mon/export.csv', 'monday'), await fileOf('tue/export.csv', 'tuesday')];
  const data = await provideData(deployment, sources, true);
  expect(textsOf()).toEqual({ 'raw/export.csv': 'monday', [TUESDAY]: 'tuesday' });
  const told = describeData(data, 'b');
  expect(told).toContain(`Added raw/export.csv, ${TUESDAY}, which every later run reads too`);
  expect(told).toContain(`tue/export.csv is kept as ${TUESDAY}: raw/export.csv holds other bytes and stays.`);
});

it('GIVEN two files of one name that are trained on alone THEN the run reads both, and a later one replaces neither', async () => {
  const sources = [await fileOf('mon/export.csv.gz', 'monday'), await fileOf('tue/export.csv.gz', 'tuesday')];
  const keys = ['raw/_alone/export.csv.gz', `raw/_alone/export-${hashOf('tuesday')}.csv.gz`];
  expect((await provideData(deployment, sources, false)).alone).toEqual(keys);
  const later = [await fileOf('wed/export.csv.gz', 'wednesday')];
  expect((await provideData(deployment, later, false)).alone).toEqual([
    `raw/_alone/export-${hashOf('wednesday')}.csv.gz`,
  ]);
  expect(keys.map((key) => objects.get(key)?.toString())).toEqual(['monday', 'tuesday']);
});

it('GIVEN a file of the same name on another day THEN what is there stays', async () => {
  await provideData(deployment, [await fileOf('export.csv', 'monday')], true);
  await provideData(deployment, [await fileOf('export.csv', 'tuesday')], true);
  expect(textsOf()).toEqual({ 'raw/export.csv': 'monday', [TUESDAY]: 'tuesday' });
});

it('GIVEN the same bytes again, in any order and after one was deleted THEN nothing is uploaded twice', async () => {
  const sources = [await fileOf('mon/export.csv', 'monday'), await fileOf('tue/export.csv', 'tuesday')];
  await provideData(deployment, sources, true);
  await provideData(deployment, sources.toReversed(), true);
  objects.delete('raw/export.csv');
  const data = await provideData(deployment, [sources[1]], true);
  expect(written).toEqual(['raw/export.csv', TUESDAY]);
  expect(describeData(data, 'b')).toMatch(
    /^Nothing to add: there is raw\/export-.*\n.*tue\/export.csv was uploaded before/,
  );
});

it.each([7, 6_000_000])('GIVEN another client that is faster, and %i bytes THEN its object stays', async (length) => {
  const ours = Buffer.alloc(length, 'ours');
  beforeWrite = (key) => {
    if (key === 'raw/export.csv' && !objects.has(key)) objects.set(key, Buffer.from('theirs'));
  };
  await provideData(deployment, [await fileOf('export.csv', ours)], true);
  expect(objects.get('raw/export.csv')?.toString()).toBe('theirs');
  expect(objects.get(`raw/export-${hashOf(ours)}.csv`)?.equals(ours)).toBe(true);
});

it('GIVEN another client that uploads the same at the same moment THEN it is there once', async () => {
  beforeWrite = (key) => void objects.set(key, Buffer.from('monday'));
  const { uploads } = await provideData(deployment, [await fileOf('export.csv', 'monday')], true);
  expect(uploads).toMatchObject([{ key: 'raw/export.csv', isNew: false }]);
  expect([...objects.keys()]).toEqual(['raw/export.csv']);
});

it.each([
  ['a folder', 'mon', /mon is a folder, and nothing was uploaded; .*aws s3 cp --recursive/],
  ['missing', 'nowhere.csv', /There is no file .*nowhere\.csv\. Nothing was uploaded\./],
  ['hidden, which no run reads', '_SUCCESS', /No run would read .*_SUCCESS/],
])('GIVEN a second file that is %s THEN the first is not uploaded', async (_, name, message) => {
  await fileOf('mon/export.csv', 'monday');
  await fileOf('_SUCCESS', '');
  const sources = [await fileOf('clicks.csv', 'clicks'), pathToFileURL(join(folder, name)).href];
  await expect(provideData(deployment, sources, true)).rejects.toThrow(message);
  expect(written).toEqual([]);
});

it('GIVEN an upload that breaks after another THEN it is said what is there', async () => {
  const sources = [await fileOf('mon.csv', 'monday'), await fileOf('tue.csv', 'tuesday')];
  beforeWrite = (key) => {
    if (key === 'raw/tue.csv') server.closeAllConnections();
  };
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  await expect(provideData(deployment, sources, true)).rejects.toThrow(
    /tue\.csv could not be uploaded: .* Before it, raw\/mon\.csv was\. Run the command again/,
  );
});

it('GIVEN a run under way THEN it is named by the id that the commands know, and nothing is uploaded', async () => {
  isRunning = true;
  const startedAt = new Date(STARTED * 1_000).toISOString();
  await expect(provideData(deployment, [await fileOf('a.csv', 'a')], true)).rejects.toThrow(
    `Run ${runIdOf({ id: EXECUTION, startedAt })} has been under way since ${startedAt}`,
  );
  expect(written).toEqual([]);
});
