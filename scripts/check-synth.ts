import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { runCdk } from './lib/cdk.ts';

/**
 * `npm run check:synth`: synthesizes the stack as it would be deployed, with cdk-nag, prints what each function weighs,
 * and lints the template where cfn-lint is installed. Opens no connection: native parts are this machine's.
 */
const MAX_RECOMMEND_ZIP_BYTES = 1_000_000;

interface Template {
  Resources: Record<string, { Type: string; Metadata?: Record<string, string> }>;
}

const output = mkdtempSync(join(tmpdir(), 'alike-synth-'));
try {
  await runCdk(['synth', '--quiet', '--output', output], {
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  });
  const template: Template = JSON.parse(readFileSync(join(output, 'Alike.template.json'), 'utf8'));
  for (const { Type, Metadata } of Object.values(template.Resources)) {
    if (Type === 'AWS::Lambda::Function') weigh(Metadata!['aws:cdk:path'], join(output, Metadata!['aws:asset:path']));
  }
  lint(join(output, 'Alike.template.json'));
} finally {
  rmSync(output, { recursive: true, force: true });
}

/** @param path of the function among the constructs: `Alike/Functions/recommend/Resource`. */
function weigh(path: string, folder: string): void {
  const name = path.split('/').at(-2)!;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );
  const native = files.filter((file) => /\.(node|so|dylib|dll)$/.test(file));
  const zipBytes = zipSync(Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file))]))).length;
  console.log(
    `${name.padEnd(16)} ${(zipBytes / 1e6).toFixed(2).padStart(6)} MB zipped${native.length === 0 ? '' : ', native'}`,
  );
  if (name !== 'recommend') return;
  if (zipBytes > MAX_RECOMMEND_ZIP_BYTES || native.length > 0) {
    console.error(
      `error: the recommend bundle has ${zipBytes} bytes and the native parts [${native}]; allowed are ${MAX_RECOMMEND_ZIP_BYTES} bytes and none. Something it imports pulled them in.`,
    );
    process.exitCode = 1;
  }
}

function lint(template: string): void {
  const { error, status } = spawnSync('cfn-lint', ['--ignore-checks', 'W', '--', template], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) {
    console.warn('SKIPPED: cfn-lint is not installed here (pip install cfn-lint); the template is not linted.');
  } else if (status !== 0) {
    console.error('error: cfn-lint found errors; they stand above.');
    process.exitCode = 1;
  } else console.log('cfn-lint: no errors.');
}
