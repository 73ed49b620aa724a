import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { decodeJsonArtifact } from '../../engine/artifacts/json-artifact.ts';
import { AlikeError, messageOf, NoModelError, NotFoundError } from '../../engine/errors.ts';
import { type Publication, publishedRulesSchema, rulesKey } from '../../engine/rules/published-rules.ts';
import { LONGEST_NOTE } from '../../engine/rules/rules-file.ts';
import { rulesJsonSchema } from '../../engine/rules/rules-json-schema.ts';
import { type LiveData, liveData } from '../../lambdas/recommend/live-data.ts';
import { inspectCurrentRules, readRulesPointer } from '../../lambdas/shared/rules/current-rules.ts';
import { listRules, publishRules, rollBackRules } from '../../lambdas/shared/rules/rules-publication.ts';
import { runIdOf } from '../../lambdas/shared/runs/run-id.ts';
import type { ArtifactStore } from '../../lambdas/shared/store/artifact-store.ts';
import { newCommand, runCommand, wholeNumber } from '../lib/command.ts';
import { momentMs } from '../lib/moment.ts';
import { warn } from '../lib/read-runs.ts';
import { servicesOver } from '../lib/serve-workspace.ts';
import { openStore, placeOptions, type StoreOptions, withStoreOptions } from '../lib/store-option.ts';
import { writtenText } from '../lib/written-text.ts';
import { checkDraft, findingLines, readDraft, refuseErrors } from '../rules/draft.ts';
import { effectText, measureEffect } from '../rules/effect.ts';
import { previewDraft, previewText } from '../rules/preview.ts';
import { tableOfRules } from '../rules/rules-list.ts';

interface Options extends StoreOptions {
  json?: boolean;
}

const command = newCommand({
  script: 'rules',
  summary:
    'Placements and rules of the shop: what is required, left out, lifted, pinned and mixed. See docs/merchandising.md.',
  examples: [
    'npm run rules -- check rules.json',
    'npm run rules -- preview rules.json A13 --placement pdp',
    'npm run rules -- effect rules.json',
    'npm run rules -- publish rules.json --author "Ana Ruiz" --note "spring sale"',
    'npm run rules -- rollback --stage prod',
  ],
});

function subcommand(name: string, summary: string): Command {
  return withStoreOptions(
    command
      .command(name)
      .description(summary)
      .helpOption('-h, --help', 'show this help')
      .showHelpAfterError(`See: npm run rules -- ${name} --help`),
  );
}

subcommand('check', 'Says what is wrong or doubtful in a file of rules.')
  .argument('<file>')
  .option('--json', 'print JSON')
  .action(async (path: string, options: Options) => {
    const draft = await readDraft(path);
    const data = await dataIfLive(await openStore(options));
    const findings = checkDraft(draft, data, Date.now());
    if (options.json) print(`${JSON.stringify({ findings })}\n`);
    else {
      const { placements, rules } = draft.file;
      const counts = `${counted(Object.keys(placements).length, 'placement')}, ${counted(rules.length, 'rule')}`;
      const unseen = data === undefined ? '\nNothing is live here, so products and fields were not looked at.' : '';
      const found = findings.length === 0 ? ' Nothing is wrong.' : ['', ...findingLines(findings)].join('\n');
      print(`${path}: ${counts}.${found}${unseen}\n`);
    }
    if (findings.some(({ level }) => level === 'error')) process.exitCode = 1;
  });

subcommand('preview', "Shows one product's list as it is and as a file of rules would make it.")
  .argument('<file>')
  .argument('<product>', 'the product that is looked at')
  .option('--placement <name>', 'of the file; answers that name none when left out')
  .option('--count <n>', "how many; the placement's, or 5, when left out", wholeNumber(1, 100))
  .option('--at <time>', 'rules in force then, such as 2026-12-01T08:00Z; now when left out', momentMs)
  .option('--json', 'print JSON')
  .action(
    async (path: string, productId: string, options: Options & { placement?: string; count?: number; at?: number }) => {
      const draft = await readDraft(path);
      const data = await liveData(servicesOver(await openStore(options), process.stderr));
      const { placement, count, at = Date.now() } = options;
      const preview = previewDraft(data, draft, { productId, placement, count, nowMs: at });
      print(options.json ? `${JSON.stringify(preview)}\n` : previewText(preview));
    },
  );

subcommand('effect', 'Measures on held-out sessions what a file of rules would change.')
  .argument('<file>')
  .option('--at <time>', 'rules in force then, such as 2026-12-01T08:00Z; now when left out', momentMs)
  .option('--json', 'print JSON')
  .action(async (path: string, options: Options & { at?: number }) => {
    const draft = await readDraft(path);
    const store = await openStore(options);
    const data = await liveData(servicesOver(store, process.stderr));
    refuseErrors(draft, checkDraft(draft, data, Date.now()));
    const effect = await measureEffect(store, data, draft.file, options.at ?? Date.now());
    print(options.json ? `${JSON.stringify(effect)}\n` : effectText(effect));
  });

subcommand('publish', 'Measures a file of rules, keeps it under a version, and makes it live.')
  .argument('<file>')
  .requiredOption('--author <name>', 'who publishes', writtenText(LONGEST_NOTE))
  .requiredOption('--note <text>', 'why', writtenText(LONGEST_NOTE))
  .option('--skip-effect', 'publish without measuring; the record says so')
  .action(async (path: string, options: Options & { author: string; note: string; skipEffect?: boolean }) => {
    const draft = await readDraft(path);
    const store = await openStore(options);
    // Before all that is said of it: what goes live meanwhile is not replaced unseen.
    const current = await inspectCurrentRules(store);
    const data = await dataIfLive(store);
    const now = new Date();
    const findings = checkDraft(draft, data, now.getTime());
    refuseErrors(draft, findings);
    for (const line of findingLines(findings)) process.stderr.write(`${line}\n`);
    warnOfLostPlacements(data, Object.keys(draft.file.placements));
    const measured = options.skipEffect
      ? { effect: null, notMeasured: 'it was published with --skip-effect' }
      : await tryToMeasure(store, data, draft.file, now.getTime());
    const { author, note } = options;
    const publishedAt = now.toISOString();
    const version = runIdOf({ id: randomUUID(), startedAt: publishedAt });
    await publishRules(store, draft.json, { version, publishedAt, author, note, ...measured }, current);
    print(
      measured.effect === null
        ? `The effect was not measured: ${measured.notMeasured}.\n`
        : `${effectText(measured.effect)}\n`,
    );
    print(`Rules ${version} are live; the API has them within half a minute. ${await undoHint(store, options)}\n`);
  });

subcommand('rollback', 'Returns to the rules that were live before the present ones, by one conditional write.').action(
  async (options: Options) => {
    const version = await rollBackRules(await openStore(options), new Date().toISOString());
    print(`Rules ${version} are live again. Rolling back once more undoes this.\n`);
  },
);

subcommand('list', 'Lists all that was published, newest first.')
  .option('--json', 'print JSON')
  .action(async (options: Options) => {
    const listed = await listRules(await openStore(options), warn);
    if (!options.json) return print(tableOfRules(listed, placeOptions(options)));
    const facts = listed.map(({ version, status, rules }) => ({ status, ...(rules?.publication ?? { version }) }));
    return print(`${JSON.stringify(facts)}\n`);
  });

subcommand('show', 'Prints one version as a file that can be changed and published again.')
  .argument('[version]', 'the live one when left out')
  .action(async (asked: string | undefined, options: Options) => {
    const store = await openStore(options);
    const version = asked ?? (await readRulesPointer(store))?.version;
    const hint = `npm run rules -- list${placeOptions(options)} shows what was published.`;
    if (version === undefined) throw new NotFoundError(`No rules are live: ${hint}`);
    const object = await store.get(rulesKey(version));
    if (object === undefined) throw new NotFoundError(`There is no ${rulesKey(version)} in ${store.uri}: ${hint}`);
    // Of a torn file, what is left would pass for the whole.
    decodeJsonArtifact(object.bytes, `${rulesKey(version)} in ${store.uri}`, publishedRulesSchema);
    print(Buffer.from(object.bytes).toString());
  });

command
  .command('schema')
  .description('Prints the JSON schema of a file of rules, for an editor.')
  .action(() => print(`${JSON.stringify(rulesJsonSchema(), undefined, 2)}\n`));

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function undoHint(store: ArtifactStore, options: StoreOptions): Promise<string> {
  const pointer = await readRulesPointer(store);
  if (pointer?.previous == null) return 'To go without rules again, publish a file that has none: {}';
  return `To undo this: npm run rules -- rollback${placeOptions(options)}`;
}

/** @returns undefined where nothing is live yet. */
async function dataIfLive(store: ArtifactStore): Promise<LiveData | undefined> {
  try {
    return await liveData(servicesOver(store, process.stderr));
  } catch (error) {
    if (error instanceof NoModelError) return undefined;
    throw error;
  }
}

async function tryToMeasure(
  store: ArtifactStore,
  data: LiveData | undefined,
  file: Parameters<typeof measureEffect>[2],
  nowMs: number,
): Promise<Pick<Publication, 'effect' | 'notMeasured'>> {
  if (data === undefined) return { effect: null, notMeasured: 'no model is live' };
  try {
    return { effect: await measureEffect(store, data, file, nowMs) };
  } catch (error) {
    if (!(error instanceof AlikeError)) throw error;
    return { effect: null, notMeasured: messageOf(error).replace(/\.$/, '') };
  }
}

/** Pages that ask for a placement which is gone are answered with 400. */
function warnOfLostPlacements(data: LiveData | undefined, placements: readonly string[]): void {
  const lost = data?.rules?.engine.placementNames.filter((name) => !placements.includes(name)) ?? [];
  if (lost.length === 0) return;
  process.stderr.write(
    `warning: placements ${lost.join(', ')} are live and not in the file: pages that ask for them will be refused.\n`,
  );
}

function print(text: string): void {
  process.stdout.write(text);
}

process.exitCode = (await runCommand(command)) || process.exitCode;
