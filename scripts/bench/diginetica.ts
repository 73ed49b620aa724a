/**
 * Diginetica, on whose split the field publishes figures: trains on the sessions given for it with `npm run train`, and asks for
 * the next product of every prefix of the test file. Viewed products may be answered again, as in the publications.
 *
 *     node scripts/bench/diginetica.ts [--folder FOLDER] [--preset tuned] [--questions 60858]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { seededRandom } from '../../engine/numeric/random.ts';
import { rank } from '../../engine/ranking/rank.ts';
import { decodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import type { Strategy } from '../../engine/serving-index/strategy.ts';
import { atLeast, reportResult, SKIPPED_MARK } from './result.ts';

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: fileURLToPath(new URL('../../../shared/data/diginetica', import.meta.url)) },
    preset: { type: 'string', default: 'tuned' },
    questions: { type: 'string', default: '60858' },
  },
});
const STRATEGIES: readonly Strategy[] = [
  'blend',
  'session-knn',
  'sequential-rules',
  'markov',
  'embedding',
  'popularity',
];
/** HR@20 and MRR@20 of the best that is published on the split (MSGIFSR), and what issue and design ask for. */
const TARGETS = { 'HR@20': 0.56, 'MRR@20': 0.207 };
const LIST_LENGTH = 20;

if (existsSync(options.folder)) measure();
else console.log(`${SKIPPED_MARK}Diginetica: ${options.folder} is not there`);

function measure(): void {
  const workspace = mkdtempSync(path.join(tmpdir(), 'alike-diginetica-'));
  const file = path.join(workspace, 'train.csv');
  const sessions = read('train_sessions.txt.gz').map((line) => line.split(' '));
  const rows = sessions.flatMap((ids, session) => ids.map((id, place) => `${session},${id},${place}`));
  writeFileSync(file, `session,product,place\n${rows.join('\n')}\n`);
  const columns = ['--session', 'session', '--product', 'product', '--order', 'place'];
  const trainScript = path.join(import.meta.dirname, '../train.ts');
  const startedAtMs = performance.now();
  const trainArguments = [
    trainScript,
    '--data',
    file,
    ...columns,
    '--preset',
    options.preset,
    '--workspace',
    workspace,
  ];
  execFileSync(process.execPath, trainArguments, { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`Trained in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s.`);

  const { runId } = JSON.parse(readFileSync(path.join(workspace, 'current.json'), 'utf8')) as { runId: string };
  const index = decodeServingIndex(readFileSync(path.join(workspace, artifactKey(runId, 'serving'))));
  const [, ...lines] = read('test.tsv.gz');
  const step = Math.max(1, Math.floor(lines.length / Number(options.questions)));
  const questions = lines
    .filter((_, line) => line % step === 0)
    .map((line) => {
      const [prefix, target] = line.split('\t');
      return { viewed: prefix.split(' ').flatMap((id) => index.numberOf.get(id) ?? []), target };
    });
  for (const strategy of STRATEGIES) {
    let [hits, reciprocals] = [0, 0];
    for (const { viewed, target } of questions) {
      const asked = { viewed, count: LIST_LENGTH, strategy, excluded: new Set<number>(), excludeViewed: false };
      const place = rank(index, { ...asked, random: seededRandom(1) }).findIndex(
        ({ product }) => index.productIds[product] === target,
      );
      if (place === -1) continue;
      hits++;
      reciprocals += 1 / (place + 1);
    }
    const figures = { 'HR@20': hits / questions.length, 'MRR@20': reciprocals / questions.length };
    console.log(
      `${strategy.padEnd(18)} HR@20 ${figures['HR@20'].toFixed(4)}  MRR@20 ${figures['MRR@20'].toFixed(4)}  (${questions.length} questions)`,
    );
    for (const [name, least] of strategy === 'blend' ? Object.entries(TARGETS) : []) {
      const value = figures[name as keyof typeof TARGETS];
      reportResult({
        comparison: `Diginetica, next product, viewed allowed, blend's ${name}`,
        ours: value.toFixed(4),
        target: atLeast(value, least, ''),
      });
    }
  }
  rmSync(workspace, { recursive: true });
}

function read(name: string): string[] {
  return gunzipSync(readFileSync(path.join(options.folder, name)))
    .toString('utf8')
    .trim()
    .split('\n');
}
