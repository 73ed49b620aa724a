/**
 * How many requests a second `npm run serve` answers through HTTP on all cores of this machine, which it shares with the
 * load generator (wrk), and how much memory that takes.
 *
 *     node scripts/bench/serve.ts [--products 17000] [--views 500000] [--strategies blend,session-knn] [--seconds 10]
 *
 * Each request asks for 20 products after a later session of a generated shop (POST). ALIKE_SERENADE names Serenade's
 * serving program (github.com/bolcom/serenade, `cargo build --release`): it is asked for the same sessions, a click at a
 * time as its interface has it, with as many threads. Beside the speed stands how often the next view is among the 20.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { type Position, positionsOf } from '../../engine/evaluation/positions.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { workspaceUri } from '../lib/workspace.ts';
import { generateShop } from './generated-index.ts';
import { temporaryFolder, usageOf } from './measured-process.ts';
import { publishShop } from './published-shop.ts';
import { atLeast, reportResult, SKIPPED_MARK } from './result.ts';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '17000' },
    views: { type: 'string', default: '500000' },
    strategies: { type: 'string', default: 'blend,session-knn' },
    seconds: { type: 'string', default: '10' },
    queries: { type: 'string', default: '3000' },
  },
});
const LEAST_REQUESTS_A_SECOND: Readonly<Record<string, number>> = { blend: 4_000 };
const CONNECTIONS = 32;
const WARM_UP_SECONDS = 3;
const START_SECONDS = 30;
const SERENADE = process.env['ALIKE_SERENADE'];

interface Load {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const folder = temporaryFolder();
if (hasWrk()) await measureAll();
else console.log(`${SKIPPED_MARK}serve: wrk is not there. Get it with: apt-get install wrk`);

async function measureAll() {
  const { index, later } = await generateShop(Number(options.products), Number(options.views));
  await publishShop(workspaceUri(folder), index);
  const positions = [...positionsOf(later, Number(options.queries))];
  const peer = await measureSerenade(index, positions);
  const rows = [['', 'requests/s', 'p50 ms', 'p99 ms', 'MiB', 'HR@20']];
  if (peer !== undefined) rows.push(rowOf('Serenade', peer));
  for (const strategy of options.strategies.split(',')) {
    const bodyOf = ({ viewed }: Position) =>
      JSON.stringify({ viewed: viewed.map((p) => index.productIds[p]), count: 20, strategy, excludeViewed: false });
    const script = path.join(import.meta.dirname, '../serve.ts');
    const port = await freePort();
    const server = spawn(process.execPath, [script, '--workspace', folder, '--port', String(port)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const url = `http://127.0.0.1:${port}`;
    const answer = async (position: Position) => {
      const headers = { 'content-type': 'application/json' };
      const asked = await fetch(`${url}/v1/recommendations`, { method: 'POST', headers, body: bodyOf(position) });
      const { items } = (await asked.json()) as { items: { productId: string }[] };
      return items.map(({ productId }) => index.numberOf.get(productId)!);
    };
    const figures = await measure(server, url, '/v1/health', postScript(positions.map(bodyOf)), () =>
      hitRate(positions, answer),
    );
    rows.push(rowOf(strategy, figures));
    report(strategy, figures, peer);
  }
  console.log(
    `${index.productIds.length} products, ${availableParallelism()} cores shared with wrk, ${CONNECTIONS} connections\n`,
  );
  for (const line of alignColumns(rows, [1, 2, 3, 4, 5])) console.log(line);
}

type Figures = Load & { peakMb: number | undefined; hitRate: number };

function rowOf(name: string, figures: Figures): string[] {
  const { requestsPerSecond, p50Ms, p99Ms, peakMb } = figures;
  const times = [p50Ms, p99Ms].map((ms) => ms.toFixed(1));
  return [name, requestsPerSecond.toFixed(0), ...times, peakMb?.toFixed(0) ?? '', figures.hitRate.toFixed(3)];
}

/** Share of the positions whose next product is among the first 20 that are answered. */
async function hitRate(
  positions: readonly Position[],
  answer: (position: Position) => Promise<readonly number[]>,
): Promise<number> {
  let hits = 0;
  for (const position of positions) if ((await answer(position)).slice(0, 20).includes(position.target)) hits++;
  return hits / positions.length;
}

function report(strategy: string, ours: Figures, peer: Figures | undefined): void {
  const least = LEAST_REQUESTS_A_SECOND[strategy];
  reportResult({
    comparison: `${strategy}, ${options.products} products, requests a second through HTTP`,
    ours: ours.requestsPerSecond.toFixed(0),
    ...(ours.peakMb !== undefined && { peakMb: ours.peakMb }),
    ...(peer !== undefined && {
      peer: {
        name: 'Serenade',
        figure: peer.requestsPerSecond.toFixed(0),
        ...(peer.peakMb !== undefined && { peakMb: peer.peakMb }),
        ratio: ours.requestsPerSecond / peer.requestsPerSecond,
      },
    }),
    ...(least !== undefined && { target: atLeast(ours.requestsPerSecond, least, '') }),
  });
}

/** @param server which is ended. @param probe a path that is answered once it is ready. */
async function measure(
  server: ChildProcess,
  url: string,
  probe: string,
  script: string,
  measureHits: () => Promise<number>,
): Promise<Figures> {
  const exited = once(server, 'exit');
  try {
    await untilAnswered(`${url}${probe}`, server);
    await load(url, script, WARM_UP_SECONDS);
    const figures = await load(url, script, Number(options.seconds));
    const { peakMb } = usageOf(server.pid!);
    return { ...figures, peakMb, hitRate: await measureHits() };
  } finally {
    server.kill();
    await exited;
  }
}

async function load(url: string, script: string, seconds: number): Promise<Load> {
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency', '-s', script, url];
  const { stdout } = await promisify(execFile)('wrk', args);
  const failed = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(stdout);
  if (failed !== null) throw new Error(`wrk saw failures at ${url}\n${stdout}`);
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)![1]),
    p50Ms: milliseconds(/50%\s+(\S+)/.exec(stdout)![1]),
    p99Ms: milliseconds(/99%\s+(\S+)/.exec(stdout)![1]),
  };
}

/** As wrk writes it: `812.00us`, `1.20ms`, `2.00s`. */
function milliseconds(text: string): number {
  const factor = text.endsWith('us') ? 1e-3 : text.endsWith('ms') ? 1 : 1e3;
  return Number.parseFloat(text) * factor;
}

/** A script for wrk that goes through the bodies. */
function postScript(bodies: readonly string[]): string {
  return luaScript(
    bodies,
    `wrk.format("POST", "/v1/recommendations", { ["content-type"] = "application/json" }, line)`,
  );
}

function luaScript(lines: readonly string[], request: string): string {
  const file = path.join(folder, 'requests.txt');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const script = path.join(folder, 'requests.lua');
  writeFileSync(
    script,
    `local lines = {}
for line in io.lines(${JSON.stringify(file)}) do lines[#lines + 1] = line end
local i = 0
local pass = 0
request = function()
  if i == #lines then
    i = 0
    pass = pass + 1
  end
  i = i + 1
  local line = lines[i]
  return ${request}
end
`,
  );
  return script;
}

/** Its training file has the past sessions that our index keeps; its settings are those that its authors give. */
async function measureSerenade(index: ServingIndex, positions: readonly Position[]) {
  if (SERENADE === undefined) {
    console.log(`${SKIPPED_MARK}Serenade: no binary. Build it and name it: ALIKE_SERENADE=path/to/serving`);
    return undefined;
  }
  const home = path.join(folder, 'serenade');
  mkdirSync(home);
  const { offsets, views } = index.pastSessions;
  const lines = ['SessionId\tItemId\tTime'];
  for (let session = 0; session + 1 < offsets.length; session++) {
    for (let i = offsets[session]; i < offsets[session + 1]; i++) {
      lines.push(`${session + 1}\t${views[i] + 1}\t${session * 1_000 + i - offsets[session]}.0`);
    }
  }
  const data = path.join(home, 'train.txt');
  writeFileSync(data, `${lines.join('\n')}\n`);
  const port = await freePort();
  writeFileSync(
    path.join(home, 'Default.toml'),
    `config_type = "toml"
[server]
host = "127.0.0.1"
port = ${port}
num_workers = ${availableParallelism()}
[log]
level = "error"
[data]
training_data_path = ${JSON.stringify(data)}
[model]
m_most_recent_sessions = 500
neighborhood_size_k = 500
num_items_to_recommend = 20
max_items_in_session = 9
[logic]
enable_business_logic = "false"
[hyperparam]
training_data_path = "unused"
test_data_path = "unused"
num_iterations = 1
save_records = false
out_path = "unused"
enable_business_logic = false
`,
  );
  const server = spawn(path.resolve(SERENADE), ['Default.toml'], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
  const pathsOf = ({ viewed }: Position, session: string) =>
    viewed.map((item) => `/v1/recommend?item_id=${item + 1}&user_consent=true&session_id=${session}`);
  const paths = positions.flatMap((position) => pathsOf(position, `load-${position.number}`));
  // It remembers sessions: each pass has its own.
  const script = luaScript(paths, 'wrk.format("GET", line .. "-" .. pass)');
  const url = `http://127.0.0.1:${port}`;
  const answer = async (position: Position) => {
    let items: number[] = [];
    for (const asked of pathsOf(position, `quality-${position.number}`)) {
      items = (await (await fetch(`${url}${asked}`)).json()) as number[];
    }
    return items.map((item) => item - 1);
  };
  return measure(server, url, '/internal', script, () => hitRate(positions, answer));
}

async function untilAnswered(url: string, server: ChildProcess): Promise<void> {
  for (let second = 0; second < START_SECONDS * 4; second++) {
    if (server.exitCode !== null) break;
    if (await fetch(url).catch(() => undefined)) return;
    await sleep(250);
  }
  throw new Error(`${server.spawnfile} does not answer at ${url}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function hasWrk(): boolean {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // It prints its version and ends with 1.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
