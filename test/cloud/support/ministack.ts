import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

const READY_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 10_000;
const LOG_LINES_SHOWN = 20;

export interface MiniStack {
  /** `http://127.0.0.1:PORT`, for every service. */
  endpoint: string;
  /** What an AWS client (SDK, CLI, CDK) needs to talk to MiniStack, and to it alone. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts MiniStack on a free loopback port, with its files in a temporary folder, and waits until it answers.
 *
 * @param options.secured as AWS is: over TLS only, every signature checked, every IAM and bucket policy enforced, each
 * Lambda under its own role. Otherwise plain HTTP, and everybody may do everything.
 */
export async function startMiniStack(python: string, options: { secured?: boolean } = {}): Promise<MiniStack> {
  const folder = await mkdtemp(join(tmpdir(), 'alike-ministack-'));
  const logPath = join(folder, 'ministack.log');
  const port = await freePort();
  const secured = options.secured === true;
  const endpoint = secured ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  const certificate = join(folder, 'ministack-tls', 'server.crt');
  const environment = {
    ...clientEnvironment(endpoint, folder),
    // For Node (and so for the Lambdas that MiniStack runs), and for the CDK CLI.
    ...(secured && { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate }),
  };

  const log = openSync(logPath, 'w');
  // A process group of its own: the Lambdas that MiniStack runs are its children and end with it.
  const server = spawn(python, secured ? securedArguments(port) : ['-m', 'ministack'], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...environment,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      TMPDIR: folder,
      // Where `ministack_app.py` is.
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: '1',
      // These two would listen on ports of their own.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      ...(secured && { AUTH: 'true', USE_SSL: '1' }),
    },
  });
  closeSync(log);
  const endWithThisProcess = () => {
    signalGroup(server, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', endWithThisProcess);

  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await Promise.race([ended, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
    }
    process.off('exit', endWithThisProcess);
    endWithThisProcess();
  };

  try {
    await once(server, 'spawn');
    if (secured) await untilTrusted(server, certificate);
    await untilReady(server, endpoint);
  } catch (cause) {
    const lines = (await readFile(logPath, 'utf8')).trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
    await stop();
    throw new Error(`MiniStack did not start on ${endpoint}. The end of its log:\n${lines.join('\n')}`, { cause });
  }
  return { endpoint, environment, stop };
}

function clientEnvironment(endpoint: string, folder: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** MiniStack's own start would listen on port 443 besides. */
function securedArguments(port: number): string[] {
  const config = 'python:ministack.core.hypercorn_conf';
  return ['-m', 'hypercorn', '--bind', `127.0.0.1:${port}`, '--config', config, 'ministack_app:app'];
}

/** MiniStack makes its certificate when it starts; this process has to trust it before it can ask anything. */
async function untilTrusted(server: ChildProcess, certificatePath: string): Promise<void> {
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  while (server.exitCode === null && performance.now() < deadlineMs) {
    const certificate = await readFile(certificatePath, 'utf8').catch(() => '');
    if (certificate.includes('END CERTIFICATE')) {
      setDefaultCACertificates([...getCACertificates(), certificate]);
      return;
    }
    await sleep(100);
  }
  throw new Error('It made no certificate; is openssl installed?');
}

async function untilReady(server: ChildProcess, endpoint: string): Promise<void> {
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    if (server.exitCode !== null) throw new Error(`It ended with code ${server.exitCode}.`);
    const answer = await fetch(`${endpoint}/_ministack/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`It was not ready after ${READY_WITHIN_MS / 1000} s.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}
