import { fileURLToPath } from 'node:url';
import { startMiniStack } from './support/ministack.ts';
import { ensureVirtualEnvironment } from './support/python.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('support/requirements.txt', import.meta.url));

/**
 * One MiniStack for all test files; its address reaches them as `AWS_ENDPOINT_URL` and the like. The profile and
 * credentials of the person who runs the tests stay out: nothing here can reach a real account.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const python = await ensureVirtualEnvironment(`${REPOSITORY}.venv`, REQUIREMENTS);
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  const ministack = await startMiniStack(python);
  Object.assign(process.env, ministack.environment);
  return ministack.stop;
}
