import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError, InputError, UnavailableError } from '../../../../engine/errors.ts';
import { FileArtifactStore } from '../../../../lambdas/shared/store/file-artifact-store.ts';
import { explainFileError } from '../../../../lambdas/shared/store/file-error.ts';
import { openArtifactStore } from '../../../../lambdas/shared/store/open-artifact-store.ts';
import { getJson } from '../../../support/get-json.ts';
import { describeArtifactStoreContract } from './artifact-store-contract.ts';

const STORE_PROCESS = fileURLToPath(new URL('support/store-process.ts', import.meta.url));

let workspace: string;
let folder: string;
let store: FileArtifactStore;
let stores = 0;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'alike-file-store-'));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));
beforeEach(() => {
  // The folder does not exist yet, and its name needs escaping in a URI.
  folder = join(workspace, `store ${stores++} %41#ü`, 'nested');
  store = new FileArtifactStore(folder);
});

describeArtifactStoreContract('file://', () => openArtifactStore(pathToFileURL(folder).href));

describe('an object that is lent', () => {
  const lend = async (content: string) => {
    await store.put('raw/clicks.csv', content);
    const path = join(workspace, `lent-${stores}`);
    return { path, lent: (await store.lend('raw/clicks.csv', path))! };
  };

  test('is read at the path that was asked for, and outlives it', async () => {
    const { path, lent } = await lend('a,b\n');
    expect(await readFile(path, 'utf8')).toBe('a,b\n');
    await lent.checkUnchanged();
    await rm(path);
    expect(Buffer.from((await store.get('raw/clicks.csv'))!.bytes).toString()).toBe('a,b\n');
  });

  test('is known to have been written to, and not lent again', async () => {
    const { lent } = await lend('a,b\n');
    await appendFile(join(folder, 'raw/clicks.csv'), 'c,d\n');
    await expect(lent.checkUnchanged()).rejects.toThrow(
      new UnavailableError(
        `${join(folder, 'raw/clicks.csv')} was written to while it was being read: the next attempt reads a copy.`,
      ),
    );
    expect(await store.lend('raw/clicks.csv', join(workspace, 'never-lent'))).toBeUndefined();
  });

  test('stays as it was when another takes its place', async () => {
    const { path, lent } = await lend('a,b\n');
    await store.put('raw/clicks.csv', 'c,d\n');
    await lent.checkUnchanged();
    expect(await readFile(path, 'utf8')).toBe('a,b\n');
  });

  test('is a plain file, where the object is a symbolic link', async () => {
    await store.put('clicks.csv', 'a,b\n');
    await symlink(join(folder, 'clicks.csv'), join(folder, 'link.csv'));
    const path = join(workspace, `lent-${stores}`);
    await store.lend('link.csv', path);
    expect((await lstat(path)).isFile()).toBe(true);
  });

  test.each(['raw/none.csv', 'raw'])('has to be there, which %s is not', async (key) => {
    await store.put('raw/clicks.csv', 'a,b\n');
    expect(await store.lend(key, join(workspace, 'never-lent'))).toBeUndefined();
  });
});

test('an object whose SHA-256 is known has the same version', async () => {
  const sha256 = createHash('sha256').update('body').digest('hex');
  expect(await store.put('a', 'body', undefined, Promise.resolve(sha256))).toBe(await store.put('b', 'body'));
});

describe('several processes on one folder', () => {
  test('each of 40 objects is created by exactly one of 4', async () => {
    const processes = [1, 2, 3, 4].map(() => startProcess('create', 'race/', '40'));
    const wins = await Promise.all(processes.map(outputOf));
    expect(wins.map(Number).reduce((a, b) => a + b)).toBe(40);
    const pids = processes.map(({ pid }) => `by ${pid}`);
    for (let i = 0; i < 40; i++) expect(pids).toContain(Buffer.from((await store.get(`race/${i}`))!.bytes).toString());
  });

  test('none of 4 × 30 increments is lost', async () => {
    await store.put('counter.json', '0');
    await Promise.all([1, 2, 3, 4].map(() => outputOf(startProcess('increment', 'counter.json', '30'))));
    expect(await getJson(store, 'counter.json')).toBe(120);
    expect(await readdir(folder)).toEqual(['counter.json']);
  });

  test('a reader never sees a torn or absent object while 2 overwrite it', async () => {
    await store.put('current.bin', '0'.repeat(100_000));
    const writers = [1, 2].map(() => startProcess('overwrite', 'current.bin'));
    const written = Promise.all(writers.map(outputOf));
    const lengthsSeen = new Set<number>();
    while (lengthsSeen.size < 40) {
      const text = Buffer.from((await store.get('current.bin'))!.bytes).toString();
      // Body i is 100,000 + i times the digit i mod 10.
      expect(text).toBe(String(text.length % 10).repeat(text.length));
      lengthsSeen.add(text.length);
    }
    for (const { stdin } of writers) stdin.end();
    await written;
  });
});

describe('a writer that stops while it holds the lock', () => {
  test('is passed over when it was killed', async () => {
    const version = await store.put('current.json', 'before');
    const holder = await startHolder('current.json', 'from the dead');
    holder.kill('SIGKILL');
    await once(holder, 'close');
    expect((await store.list('')).map(({ key }) => key)).toEqual(['current.json']);
    await store.put('current.json', 'after', { ifVersion: version });
    expect(await readFile(join(folder, 'current.json'), 'utf8')).toBe('after');
    expect(await readdir(folder)).toEqual(['current.json']);
  });

  test('starts over when it only slept, instead of undoing what others wrote', async () => {
    await store.put('current.json', 'before');
    const holder = await startHolder('current.json', 'from the sleeper');
    holder.kill('SIGSTOP');
    await store.put('current.json', 'while it slept');
    const output = outputOf(holder);
    holder.kill('SIGCONT');
    holder.stdin.end();
    // It checks its condition a second time, on what is there now.
    expect(await output).toBe('held');
    expect(await readFile(join(folder, 'current.json'), 'utf8')).toBe('from the sleeper');
    expect(await readdir(folder)).toEqual(['current.json']);
  });
});

describe('what is in the folder', () => {
  test('objects are plain files under their keys', async () => {
    await store.put('runs/r1/report.json', '{}');
    expect(await readFile(join(folder, 'runs', 'r1', 'report.json'), 'utf8')).toBe('{}');
    expect(await readdir(folder, { recursive: true })).toEqual(['runs', 'runs/r1', 'runs/r1/report.json']);
  });

  test('a failed write leaves nothing', async () => {
    await store.put('a/b', 'x');
    await expect(store.put('a', 'x')).rejects.toThrow(InputError);
    await expect(store.put('a/b/c', 'x')).rejects.toThrow(/A folder and an object would need the same path/);
    await expect(store.put('x'.repeat(256), 'x')).rejects.toThrow(/Use shorter names/);
    await store.put('y'.repeat(255), 'fits');
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(['a', 'a/b', 'y'.repeat(255)]);
  });

  test('traces of a crashed writer show nowhere', async () => {
    await store.put('a', 'x');
    await mkdir(join(folder, '.writing-0'));
    await writeFile(join(folder, '.writing-0', '0'), 'half');
    expect((await store.list('')).map(({ key }) => key)).toEqual(['a']);
    expect(await store.list('.writing-0/')).toEqual([]);
    await expect(store.get('.writing-0/0')).rejects.toThrow(/names that start with "\.writing-" are kept/);
    await expect(store.put('b/.writing-1', 'x')).rejects.toThrow(InputError);
  });

  test('a linked file is an object too', async () => {
    await writeFile(join(workspace, 'elsewhere.csv'), 'a;b');
    await store.put('raw/here.csv', 'c;d');
    await symlink(join(workspace, 'elsewhere.csv'), join(folder, 'raw', 'linked.csv'));
    expect(await store.list('raw/')).toMatchObject([
      { key: 'raw/here.csv', size: 3 },
      { key: 'raw/linked.csv', size: 3 },
    ]);
  });

  test('a linked folder is a folder too, but for one on the way down', async () => {
    const elsewhere = await mkdtemp(join(workspace, 'elsewhere-'));
    await writeFile(join(elsewhere, 'a.csv'), 'a;b');
    await mkdir(join(elsewhere, 'deep'));
    await writeFile(join(elsewhere, 'deep', 'b.csv'), 'b');
    await symlink(elsewhere, join(elsewhere, 'deep', 'up'));
    await store.put('raw/here.csv', 'c;d');
    await symlink(elsewhere, join(folder, 'raw', 'linked'));
    await symlink('..', join(folder, 'raw', 'loop'));
    await symlink(join(folder, '..'), join(folder, 'raw', 'far-up'));
    const keys = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key);
    const linked = ['raw/linked/a.csv', 'raw/linked/deep/b.csv'];
    expect(await keys('raw/linked')).toEqual(linked);
    expect(await keys('raw/linked/deep/')).toEqual(linked.slice(1));
    expect(await keys('raw/')).toEqual(['raw/here.csv', ...linked]);
  });

  test('a link to nothing is listed for a reader alone, whom it refuses', async () => {
    await store.put('raw/here.csv', 'c;d');
    await symlink('gone.csv', join(folder, 'raw', 'broken.csv'));
    await symlink('loop.csv', join(folder, 'raw', 'loop.csv'));
    const keysOf = (listed: readonly { key: string }[]) => listed.map(({ key }) => key);
    expect(keysOf(await store.list('raw/'))).toEqual(['raw/here.csv']);
    const forReader = keysOf(await store.list('raw/', { brokenLinks: true }));
    expect(forReader).toEqual(['raw/broken.csv', 'raw/here.csv', 'raw/loop.csv']);
    await expect(store.download('raw/broken.csv', join(workspace, 'never'))).rejects.toThrow(
      new InputError(
        `${join(folder, 'raw/broken.csv')} is a link to gone.csv, which is not there: bring that back, or remove the link.`,
      ),
    );
  });

  test('a read-only file can be uploaded and replaced', async () => {
    const local = join(workspace, 'read-only.csv');
    await writeFile(local, 'a;b');
    await chmod(local, 0o444);
    await store.upload('raw/a.csv', local);
    await store.put('raw/a.csv', 'new');
    await store.upload('raw/a.csv', local);
    expect(Buffer.from((await store.get('raw/a.csv'))!.bytes).toString()).toBe('a;b');
  });

  test.each([
    ['EACCES', ConfigurationError, 'Let this user read and write there, or choose another folder (--workspace).'],
    ['EROFS', ConfigurationError, 'Let this user read and write there, or choose another folder (--workspace).'],
    ['ENOSPC', ConfigurationError, 'Free some space, or choose a folder on another disk (--workspace).'],
    ['ENAMETOOLONG', InputError, 'Use shorter names: most file systems allow 255 bytes each.'],
    ['ELOOP', InputError, 'Links lead in a circle: let one of them lead to a file or folder, or remove it.'],
  ])('%s gets the fix', (code, type, fix) => {
    const cause = Object.assign(new Error(`${code}: reason, open '/a'`), { code });
    const explained = explainFileError(cause, 'Cannot write a');
    expect(explained).toBeInstanceOf(type);
    expect(explained).toMatchObject({ message: `Cannot write a: ${code}: reason, open '/a'. ${fix}`, cause });
  });

  test('the fix names what chooses the folder', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    expect(explainFileError(cause, 'Cannot download a', 'TMPDIR')).toMatchObject({
      message: expect.stringContaining('choose a folder on another disk (TMPDIR).'),
    });
  });

  test('an error that the caller cannot mend passes through', () => {
    const cause = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    expect(explainFileError(cause, 'Cannot read a')).toBe(cause);
  });
});

describe('opening by URI', () => {
  test.each([
    ['/data/alike', 'it starts with neither s3:// nor file://'],
    ['S3://bucket', 'it starts with neither s3:// nor file://'],
    ['file://data/alike', 'write three slashes and the absolute path'],
    ['file:data', 'write three slashes and the absolute path'],
    ['file:///a?b', 'write "?" as %3F and "#" as %23'],
    ['file:///a%2Fb', 'File URL path must not include encoded / characters'],
    [import.meta.url, 'is a file; name a folder'],
    ['s3://', 'a bucket has 3 to 63 lower-case letters'],
    ['s3://Bucket/prefix', 'a bucket has 3 to 63 lower-case letters'],
    ['s3://bucket/a//b', 'its prefix has an empty, "." or ".." part'],
    ['s3://bucket/../other', 'its prefix has an empty, "." or ".." part'],
  ])('refuses %s', async (uri, problem) => {
    const failure = await openArtifactStore(uri).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigurationError);
    const { message } = failure as ConfigurationError;
    expect(message).toContain(`The artifact store's URI is "${uri}": `);
    expect(message).toContain(problem);
    expect(message).toContain('Allowed are s3://bucket, s3://bucket/prefix and file:///absolute/folder.');
  });

  test('gives the URI without a trailing slash, and it opens the same store', async () => {
    const opened = await openArtifactStore(`${pathToFileURL(folder).href}/`);
    await opened.put('a', 'x');
    expect(opened.uri).toBe(pathToFileURL(folder).href);
    expect(await (await openArtifactStore(opened.uri)).get('a')).toBeDefined();
    expect((await openArtifactStore('s3://bucket/some/prefix/')).uri).toBe('s3://bucket/some/prefix');
    expect((await openArtifactStore('s3://bucket/')).uri).toBe('s3://bucket');
  });

  test('does not load the AWS SDK for a local folder', async () => {
    const opener = new URL('../../../../lambdas/shared/store/open-artifact-store.ts', import.meta.url).href;
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ load: (url, context, next) => { if (url.includes('@aws-sdk')) console.log(url); return next(url, context); } });
      const { openArtifactStore } = await import(${JSON.stringify(opener)});
      await openArtifactStore('file:///nowhere');
      console.log('opened');
      await openArtifactStore('s3://bucket');`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    const lines = (await outputOf(child)).split('\n');
    expect(lines[0]).toBe('opened');
    expect(lines.length).toBeGreaterThan(1);
  });
});

function startProcess(...job: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [STORE_PROCESS, folder, ...job]);
}

async function startHolder(key: string, text: string): Promise<ChildProcessWithoutNullStreams> {
  const holder = startProcess('hold', join(folder, key), text);
  await once(holder.stdout, 'data');
  return holder;
}

async function outputOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk) => {
      output[stream] += chunk;
    });
  }
  const [code] = await once(child, 'close');
  expect({ code, stderr: output.stderr }).toEqual({ code: 0, stderr: '' });
  return output.stdout.trim();
}
