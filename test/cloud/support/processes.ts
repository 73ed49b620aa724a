import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of the repository to its end, whatever that is. */
export async function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const env = { ...process.env, ...environment };
  const child = spawn(command, args, { cwd: REPOSITORY, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

/** @throws Error with the end of what it printed when it fails. */
export async function runWell(
  command: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, environment);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${`${stdout}\n${stderr}`.slice(-4_000)}`);
}

/** `npm run SCRIPT -- …` */
export const npm = (script: string, ...args: string[]) => runWell('npm', ['run', '--silent', script, '--', ...args]);
export const npmFailing = (script: string, ...args: string[]) => run('npm', ['run', '--silent', script, '--', ...args]);
