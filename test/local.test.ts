import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomInteger, seededRandom } from '../engine/numeric/random.ts';

/** From a CSV file to answers over HTTP, with the commands that a person types. */
const ROOT = join(import.meta.dirname, '..');

let folder: string;
let workspace: string;
let sample: string;

/** What these tests look at in the API's answers. */
interface Answer {
  modelVersion: string;
  items: { productId: string; rank: number; source: string; size: number }[];
}

interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

function command(script: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, `scripts/${script}.ts`), ...args],
      { cwd: ROOT },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

async function train(into: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await command(
    'train',
    ...['--data', sample, '--format', 'eshop', '--preset', 'layer', '--workspace', into, '--json', ...args],
  );
  expect(stderr).not.toContain('error');
  expect(exitCode).toBe(0);
  return { summary: JSON.parse(stdout.trimEnd().split('\n').at(-1)!), stderr };
}

let first: Awaited<ReturnType<typeof train>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-test-'));
  workspace = join(folder, 'shop');
  sample = join(folder, 'sample.csv');
  expect((await command('sample', '--out', sample, '--sessions', '600', '--products', '40')).exitCode).toBe(0);
  first = await train(workspace);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('train', () => {
  it('runs every stage, in order, and says what each counted and how long it took', () => {
    const { runId, verdict, stages, artifacts } = first.summary;
    expect(runId).toMatch(/^\d{8}T\d{9}Z-[0-9a-f]{8}$/);
    expect(verdict.promoted).toBe(true);
    expect(stages.ingest.counts).toMatchObject({ rejectedRows: 0 });
    expect(stages.sequence.counts).toMatchObject({ sessions: 600, products: 40 });
    for (const { seconds } of Object.values<{ seconds: number }>(stages)) expect(seconds).toBeGreaterThan(0);
    expect(artifacts.serving).toBe(`runs/${runId}/serving/index.bin`);
    const lines = Object.keys(stages).map((stage) => first.stderr.indexOf(`  ${stage} `));
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(lines[0]).toBeGreaterThan(0);
  });

  it('makes the run live and describes it: inputs with their hash, settings, counts, stages', async () => {
    const json = async (key: string) => JSON.parse(await readFile(join(workspace, key), 'utf8'));
    const { runId, artifacts, stages } = first.summary;
    expect(await json('current.json')).toMatchObject({ runId, previous: null });
    const manifest = await json(artifacts.manifest);
    expect(manifest.inputs).toEqual([
      expect.objectContaining({
        sha256: createHash('sha256')
          .update(await readFile(sample))
          .digest('hex'),
      }),
    ]);
    expect(manifest.settings).toMatchObject({ vector_size: 10, k: 10, seed: 1 });
    expect(manifest.counts).toMatchObject({ ...stages.ingest.counts, ...stages.sequence.counts });
    expect(manifest.lineage).toMatchObject({ previous: null });
    for (const key of Object.values<string>(manifest.artifacts)) await readFile(join(workspace, key));
  });

  it('gives the same bytes again for the same input, settings and seed', async () => {
    const again = join(folder, 'again');
    const { summary } = await train(again);
    expect(summary.runId > first.summary.runId).toBe(true);
    const hashes = async (root: string, runId: string) => {
      const run = join(root, 'runs', runId);
      const files = (await readdir(run, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const found: Record<string, string> = {};
      for (const { parentPath, name } of files) {
        const path = join(parentPath, name).slice(run.length + 1);
        // These hold times.
        if (/^(manifest|report|request)\.json$|^stages\//.test(path)) continue;
        const bytes = await readFile(join(parentPath, name));
        // The serving index names its run, once in its header.
        const content = path === 'serving/index.bin' ? withoutRun(bytes, runId) : bytes;
        found[path] = createHash('sha256').update(content).digest('hex');
      }
      return found;
    };
    const expected = await hashes(workspace, first.summary.runId);
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(11);
    expect(await hashes(again, summary.runId)).toEqual(expected);
  });
});

describe('serve', () => {
  let server: ChildProcess;
  let url: string;
  let complaints = '';
  beforeAll(async () => {
    server = spawn(process.execPath, [join(ROOT, 'scripts/serve.ts'), '--workspace', workspace, '--port', '0'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server.stderr!.setEncoding('utf8').on('data', (text) => {
      complaints += text;
    });
    for await (const line of createInterface({ input: server.stdout! })) {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found === null) continue;
      url = found[0];
      break;
    }
  }, 30_000);
  afterAll(async () => {
    server.kill('SIGTERM');
    const [exitCode] = await once(server, 'exit');
    expect(exitCode).toBe(0);
    expect(complaints).toBe('');
  });
  const get = async (path: string) => {
    const response = await fetch(url + path);
    return { status: response.status, json: (await response.json()) as Answer };
  };

  it('recommends products that are not the one looked at, ranked, as many as asked', async () => {
    const { items: catalogue } = (await get('/v1/products?limit=100')).json;
    expect(catalogue).toHaveLength(40);
    for (const { productId } of catalogue) {
      const { status, json } = await get(`/v1/products/${encodeURIComponent(productId)}/recommendations?count=5`);
      expect(status).toBe(200);
      expect(json.modelVersion).toBe(first.summary.runId);
      const ids = json.items.map((item) => item.productId);
      expect(new Set(ids).size).toBe(5);
      expect(ids).not.toContain(productId);
      expect(json.items.map((item) => item.rank)).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it('recommends for a session, and popular products for a product nobody knows', async () => {
    const { items: catalogue } = (await get('/v1/products?limit=2')).json;
    const viewed = catalogue.map(({ productId }) => productId);
    const response = await fetch(`${url}/v1/recommendations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ viewed, count: 7 }),
    });
    const { items } = (await response.json()) as Answer;
    expect(items).toHaveLength(7);
    for (const { productId } of items) expect(viewed).not.toContain(productId);
    const unknown = (await get('/v1/products/no%2Fsuch%20thing/recommendations?count=3')).json;
    expect(unknown.items.map(({ source }) => source)).toEqual(['popular', 'popular', 'popular']);
  });

  it('tells about the model, its clusters and its health', async () => {
    expect(JSON.stringify((await get('/v1/model')).json)).toContain(first.summary.runId);
    const sizes = (await get('/v1/clusters')).json.items.map(({ size }) => size);
    // As many as `k=auto` chose.
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40);
    expect((await get('/v1/health')).status).toBe(200);
  });

  it('answers an error as problem+json', async () => {
    const response = await fetch(`${url}/v1/products/P/recommendations?count=0`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });
});

it('a second run replaces the first, which stays for a rollback', async () => {
  const { summary } = await train(workspace, '--set', 'seed=2');
  const current = JSON.parse(await readFile(join(workspace, 'current.json'), 'utf8'));
  expect(current).toMatchObject({ runId: summary.runId, previous: first.summary.runId });
});

describe('a run of the same file', () => {
  const again = (...args: string[]) => train(workspace, '--set', 'seed=2', ...args);

  it('ends as unchanged before training, with exit code 0, and what is live stays live', async () => {
    const before = await readFile(join(workspace, 'current.json'), 'utf8');
    const { summary, stderr } = await again();
    expect(summary.verdict).toMatchObject({ promoted: false, outcome: 'unchanged' });
    expect(Object.keys(summary.stages)).toEqual(['ingest']);
    expect(await readFile(join(workspace, 'current.json'), 'utf8')).toBe(before);
    expect(summary.live).toBe(JSON.parse(before).runId);
    expect(stderr).toContain('ended before training: Unchanged: input, settings and code are those of live run');
    const { stdout } = await command('runs', '--workspace', workspace);
    expect(stdout.split('\n').find((line) => line.includes(summary.runId))).toContain('unchanged');
  });

  it('trains all the same with --force, which stands in the request', async () => {
    const { summary } = await again('--force');
    expect(summary.verdict).toMatchObject({ promoted: true, outcome: 'promoted' });
    expect(summary.live).toBe(summary.runId);
  });
});

describe('a first run that is refused', () => {
  let shop: string;
  let outcome: Outcome;
  let runId: string;
  beforeAll(async () => {
    shop = join(folder, 'refused');
    const clicks = join(folder, 'noise.csv');
    // Each product as likely as any other after each: nothing to learn.
    const random = seededRandom(7);
    const rows = Array.from({ length: 1_200 }, (_, view) => `${view >> 2},p${randomInteger(random, 60)},${view & 3}`);
    await writeFile(clicks, `s,p,o\n${rows.join('\n')}\n`);
    const columns = ['--session', 's', '--product', 'p', '--order', 'o'];
    const quick = ['--set', 'max_trials=1', '--set', 'epochs=1', '--set', 'k=3'];
    outcome = await command('train', '--data', clicks, ...columns, ...quick, '--workspace', shop, '--json');
    runId = JSON.parse(outcome.stdout.trimEnd().split('\n').at(-1)!).runId;
  }, 60_000);

  it('says so with the command that promotes it, and exits with 3', () => {
    expect(outcome.exitCode).toBe(3);
    expect(outcome.stderr).toContain(`Run ${runId} did not go live: Refused: `);
    expect(outcome.stderr).toContain(
      `To make it live all the same:\n  npm run promote -- ${runId} --workspace ${shop}\nRun ${runId} is NOT live: nothing is.\n`,
    );
    expect(outcome.stdout).not.toContain('Serve it');
  });

  it.each([
    ['recommend', ['p1']],
    ['serve', ['--port', '0']],
  ])('is what %s speaks of, until it is promoted', async (script, args) => {
    const { exitCode, stderr } = await command(script, ...args, '--workspace', shop);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Run ${runId} was refused: `);
    expect(stderr).toContain(`npm run promote -- ${runId} --workspace ${shop}`);
  });

  it('serves once a person has promoted it', async () => {
    expect((await command('promote', runId, '--workspace', shop)).exitCode).toBe(0);
    const { exitCode, stdout } = await command('recommend', 'p1', '--workspace', shop, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).modelVersion).toBe(runId);
  });
});

describe('a mistake is answered with lines that tell the fix, never a stack trace:', () => {
  const eshop = () => ['--data', sample, '--format', 'eshop', '--workspace', join(folder, 'mistakes')];
  it.each([
    ['no data', 2, () => ['train'], ['Say what to train on: --data FILE']],
    [
      'columns that nobody knows',
      1,
      () => ['train', '--data', 'test/cases/csv-forms/tilde.csv', '--workspace', join(folder, 'mistakes')],
      ['of no known format', '--session sid --product pid --time ts'],
    ],
    [
      'no order, of no known format',
      1,
      () => [
        'train',
        '--data',
        'test/cases/csv-forms/tilde.csv',
        '--session',
        'sid',
        '--product',
        'pid',
        '--workspace',
        join(folder, 'mistakes'),
      ],
      ['of no known format', '--session sid --product pid --time ts'],
    ],
    ['no such file', 1, () => ['train', '--data', 'none.csv', '--format', 'eshop'], ['no file or folder', 'none.csv']],
    [
      'a missing column',
      1,
      () => ['train', ...eshop(), '--product', 'sku'],
      ['no column "sku"', '"session ID"', 'ingest'],
    ],
    ['an unknown setting', 1, () => ['train', ...eshop(), '--set', 'vectorsize=3'], ['"vectorsize"', 'vector_size']],
    [
      'a setting out of range',
      1,
      () => ['train', ...eshop(), '--set', 'epochs=0'],
      ['settings.epochs: found 0', 'at least 1'],
    ],
    ['a setting without a value', 2, () => ['train', ...eshop(), '--set', 'epochs'], ['key=value', '"epochs"']],
    ['an unknown preset', 2, () => ['train', ...eshop(), '--preset', 'best'], ["'best'", 'layer, tuned']],
    ['an unknown option', 2, () => ['train', ...eshop(), '--wokspace', 'x'], ["'--wokspace'", '--workspace']],
    [
      'nothing trained',
      1,
      () => ['serve', '--workspace', join(folder, 'none')],
      ['Nothing is trained', 'npm run train'],
    ],
    ['a port that is none', 2, () => ['serve', '--port', '70000'], ['from 0 to 65535']],
  ])('%s', async (_, exitCode, argv, parts) => {
    const [script, ...args] = argv();
    const { stderr, ...outcome } = await command(script, ...args);
    expect(outcome.exitCode).toBe(exitCode);
    for (const part of parts) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^\s+at |unexpected/m);
  });

  it('with --json the last line of stdout says so too', async () => {
    const bad = join(folder, 'bad.csv');
    await writeFile(bad, 's;p;o\n;A;1\n');
    const { exitCode, stdout } = await command(
      'train',
      ...[
        '--data',
        bad,
        '--session',
        's',
        '--product',
        'p',
        '--order',
        'o',
        '--workspace',
        join(folder, 'bad'),
        '--json',
      ],
    );
    expect(exitCode).toBe(1);
    const { error } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
    expect(error.name).toBe('RunFailedError');
    expect(error.message).toMatch(/^Stage ingest of run \S+ failed\. InputError: All 1 rows were refused/);
  });
});

/** The bytes of an index with zeros for its run's id and for the checksum of the header that holds it, the last four. */
function withoutRun(index: Buffer, runId: string): Buffer {
  const content = Buffer.from(index);
  const start = content.indexOf(runId);
  expect(start).toBeGreaterThan(0);
  return content.fill(0, start, start + runId.length).fill(0, content.length - 4);
}
