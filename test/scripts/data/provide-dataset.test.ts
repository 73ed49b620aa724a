import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/errors.ts';
import { type Dataset, ESHOP } from '../../../scripts/data/dataset.ts';
import { DownloadError } from '../../../scripts/data/download.ts';
import { provideDataset } from '../../../scripts/data/provide-dataset.ts';
import { needsEshopFile, readEshopFile } from '../../support/eshop.ts';

const CSV = 'session ID;order\r\n1;1\r\n';
const OTHER_CSV = 'session ID;order\n1;1\n';
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const asideName = (text: string) => `tiny.sha256-${digest(text).slice(0, 12)}.csv`;

const ZIP = zipSync({
  'description.txt': strToU8('about it'),
  '__MACOSX/._clicks.csv': strToU8('shadow'),
  'data/clicks.csv': strToU8(CSV),
});

let folder: string;
let server: Server;
let answer: { status: number; body: Uint8Array | string };
let requests: number;
let dataset: Dataset;
let printed: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alike-data-'));
  printed = [];
  requests = 0;
  answer = { status: 200, body: ZIP };
  server = createServer((_, response) => {
    requests++;
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  dataset = {
    name: 'tiny',
    title: 'A tiny clickstream',
    url: `http://127.0.0.1:${port}/tiny.zip`,
    sha256: digest(CSV),
    citation: '',
    format: 'eshop',
  };
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const provide = (from?: string) => provideDataset(dataset, { folder, from, print: (line) => printed.push(line) });

const given = (name: string, body: Uint8Array | string) => {
  const path = join(folder, name);
  writeFileSync(path, body);
  return path;
};

describe('from the network', () => {
  it('downloads the zip and writes the verified CSV, byte for byte, and nothing else', async () => {
    const path = await provide();
    expect(path).toBe(join(folder, 'tiny.csv'));
    expect(readFileSync(path, 'utf8')).toBe(CSV);
    expect(readdirSync(folder)).toEqual(['tiny.csv']);
  });

  it('does nothing when the CSV is there and right', async () => {
    await provide();
    await provide();
    expect(requests).toBe(1);
    expect(printed.at(-1)).toContain('there already');
  });

  it('keeps another file that has the name, under its own, and says so', async () => {
    given('tiny.csv', OTHER_CSV);
    await provide();
    expect(readFileSync(join(folder, 'tiny.csv'), 'utf8')).toBe(CSV);
    expect(readFileSync(join(folder, asideName(OTHER_CSV)), 'utf8')).toBe(OTHER_CSV);
    expect(printed.join('\n')).toContain(`kept as ${join(folder, asideName(OTHER_CSV))}`);
  });

  it('refuses a CSV with another SHA-256, names both, and keeps it under another name', async () => {
    answer.body = zipSync({ 'clicks.csv': strToU8(OTHER_CSV) });
    const refused = provide();
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(
      `found SHA-256 ${digest(OTHER_CSV)}, expected ${digest(CSV)}; it starts with "session ID;order"`,
    );
    await expect(refused).rejects.toThrow(`kept as ${join(folder, asideName(OTHER_CSV))}`);
    expect(readdirSync(folder)).toEqual([asideName(OTHER_CSV)]);
  });

  it('moves nothing away when the download fails', async () => {
    given('tiny.csv', OTHER_CSV);
    answer.status = 503;
    await expect(provide()).rejects.toThrow(DownloadError);
    expect(readdirSync(folder)).toEqual(['tiny.csv']);
  });

  it.each([
    ['an answer that is no success', { status: 404, body: '' }, DownloadError, 'the server answered 404'],
    ['a zip cut short', { status: 200, body: ZIP.subarray(0, 100) }, InputError, 'damaged or cut short'],
    [
      'a zip without a CSV',
      { status: 200, body: zipSync({ 'readme.txt': strToU8('x') }) },
      InputError,
      'holds no .csv file; found "readme.txt"',
    ],
    [
      'a login page',
      { status: 200, body: '<html>Sign in</html>' },
      InputError,
      'it starts with "<html>Sign in</html>"',
    ],
  ])('explains %s', async (_, bad, errorClass, message) => {
    answer = bad;
    const refused = provide();
    await expect(refused).rejects.toThrow(errorClass);
    await expect(refused).rejects.toThrow(message);
    expect(existsSync(join(folder, 'tiny.csv'))).toBe(false);
  });

  it('without a network says so, and how to bring the file in by hand', async () => {
    await new Promise((resolve) => server.close(resolve));
    const refused = provide();
    await expect(refused).rejects.toThrow(DownloadError);
    await expect(refused).rejects.toThrow(`Cannot download ${dataset.url}: connect ECONNREFUSED`);
    await expect(refused).rejects.toThrow('npm run data -- tiny --from FILE');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('--from a local file', () => {
  it('says that it is not there, and nothing of the system', async () => {
    const from = join(folder, 'nope.zip');
    await expect(provide(from)).rejects.toThrow(
      `There is no file ${JSON.stringify(from)} (--from). --from takes the downloaded .zip,`,
    );
  });

  it.each([
    ['zip', ZIP],
    ['csv', CSV],
    ['csv.gz', gzipSync(CSV)],
    ['named wrongly', gzipSync(CSV)],
  ])('takes %s, told by its content, without the network', async (name, body) => {
    const path = await provide(given(`mine.${name}`, body));
    expect(readFileSync(path, 'utf8')).toBe(CSV);
    expect(requests).toBe(0);
  });

  it('verifies it the same way', async () => {
    await expect(provide(given('mine.csv', OTHER_CSV))).rejects.toThrow(`expected ${digest(CSV)}`);
    expect(existsSync(join(folder, 'tiny.csv'))).toBe(false);
  });

  it('names a file that is not there and what may be given', async () => {
    await expect(provide(join(folder, 'none.zip'))).rejects.toThrow(/There is no file .*none\.zip.*\.csv\.gz/);
  });
});

describe('the e-shop file', () => {
  needsEshopFile();

  it('has the SHA-256 that the command expects', async () => {
    const from = given('e-shop.csv.gz', readEshopFile());
    const path = await provideDataset(ESHOP, { folder, from, print: () => {} });
    expect(path).toBe(join(folder, 'eshop.csv'));
    expect(readFileSync(path)).toHaveLength(6_675_312);
  });
});
