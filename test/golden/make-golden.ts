/**
 * Makes the golden folder of a release with the release's own code: see README.txt.
 *
 *     node test/golden/make-golden.ts VERSION
 */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { CURRENT_KEY } from '../../engine/artifacts/artifact-keys.ts';
import { serveWorkspace } from '../../scripts/lib/serve-workspace.ts';
import { trainLocally } from '../../scripts/lib/train-locally.ts';
import { trainingRequestOf } from '../../scripts/lib/training-options.ts';
import { writeClickstream } from '../../scripts/sample/write-clickstream.ts';
import { GOLDEN_RELEASES, type GoldenAnswer } from './releases.ts';

const [version] = process.argv.slice(2);
const target = join(import.meta.dirname, String(version));
if (version === undefined || existsSync(target)) {
  throw new Error('Name the version of a release that has no folder here yet: golden files are never changed.');
}
const workspace = await mkdtemp(join(tmpdir(), 'golden-'));
const source = 'raw/sample.csv';
await writeClickstream(join(workspace, source), { sessions: 700, products: 40, seed: 5 });
const set = { vector_size: 8, epochs: 10, k: 4, max_trials: 2 };
const request = { ...trainingRequestOf({ data: workspace, format: 'eshop', preset: 'tuned', set }), source };
const { runId } = await trainLocally(request, workspace, process.stderr);

const bridge = await serveWorkspace(workspace, 0);
const answers: GoldenAnswer[] = [];
for (const { method, path, body } of GOLDEN_RELEASES[0].answers) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${bridge.url}${path}`, {
    method,
    ...(body && { headers, body: JSON.stringify(body) }),
  });
  const { recommendationId: _, ...answer } = (await response.json()) as Record<string, unknown>;
  answers.push({ method, path, ...(body && { body }), status: response.status, answer });
}
await bridge.close();

await cp(workspace, target, {
  recursive: true,
  // Datasets and plots have formats of their own; so has the sample.
  filter: (path) => !/\.(parquet|svg|csv)$/.test(path) && !path.includes(`${sep}.`),
});
await writeFile(join(target, 'answers.json'), `${JSON.stringify(answers, undefined, 2)}\n`);
await rm(workspace, { recursive: true });
process.stdout.write(`Wrote ${target}; ${CURRENT_KEY} names ${runId}.\n`);
