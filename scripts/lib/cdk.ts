import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { AlikeError } from '../../engine/errors.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The CDK CLI ended with an error, which it has printed. */
class CdkError extends AlikeError {
  override readonly name = 'CdkError';
}

/** Runs the CDK CLI that the repository pins, on this terminal. @param settings of the deployment: `alike:NAME`. */
export async function runCdk(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<void> {
  const context = Object.entries(settings).flatMap(([name, value]) => ['--context', `alike:${name}=${value}`]);
  const cdk = spawn(join(ROOT, 'node_modules/.bin/cdk'), [...args, '--no-notices', ...context], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const [code] = await once(cdk, 'exit');
  if (code !== 0) {
    throw new CdkError(
      `cdk ${args[0]} failed; its message stands above. If it asks for a confirmation and nobody can give one, as in CI, give --yes. If the account has never been used with CDK in this region, run once: npx cdk bootstrap`,
    );
  }
}
