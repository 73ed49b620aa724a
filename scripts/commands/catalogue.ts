import {
  promoteCatalogue,
  readCataloguePointer,
  rollBackCatalogue,
} from '../../lambdas/shared/catalogue/current-catalogue.ts';
import { listFeedRecords } from '../../lambdas/shared/catalogue/feed-records.ts';
import { commandAt, suggestWithoutStore } from '../../lambdas/shared/store/suggested-command.ts';
import { describeFeed, tableOfFeeds } from '../catalogue/describe-feed.ts';
import { type FeedArguments, loadOptionsOf, withFeedOptions } from '../catalogue/feed-arguments.ts';
import { noteOfUnknownProducts } from '../catalogue/known-products.ts';
import { loadInCloud } from '../catalogue/load-in-cloud.ts';
import { loadLocally } from '../catalogue/load-locally.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { warn } from '../lib/read-runs.ts';
import { openStore, placeOptions, type StoreOptions, withStoreOptions } from '../lib/store-option.ts';
import { UsageError } from '../lib/usage-error.ts';
import { isMadeUpRunLive } from '../sample/made-up-shop.ts';

/** A feed that was read and did not go live. */
const EXIT_REFUSED = 3;
let exitCode = 0;

type CatalogueOptions = StoreOptions & FeedArguments & { json?: boolean };

const command = withFeedOptions(
  withStoreOptions(
    newCommand({
      script: 'catalogue',
      summary:
        "Loads a feed of the shop's products: what they are called, cost and look like, and which are in stock. Columns are named as in Google Merchant Center, unless you say which is which; every other column becomes an attribute. A feed that would lose too much is refused: what was live stays, and the exit code is 3.",
      examples: [
        'npm run catalogue -- products.csv',
        'npm run catalogue -- merchant.xml',
        'npm run catalogue -- products.parquet --id sku --title name --product-type category --attribute colour=farbe',
        'npm run catalogue -- prices.csv --delta',
        'npm run catalogue -- products.csv --stage prod',
        'npm run catalogue -- list',
        'npm run catalogue -- rollback',
        'npm run catalogue -- promote 20261126T061500123Z-9f3a02c1',
      ],
    })
      .argument(
        '<feed>',
        'CSV, TSV, JSON Lines, JSON, Parquet or Google Merchant XML, plain or gzip or zstd; or one of list, promote, rollback',
      )
      .argument('[version]', 'to promote, as list shows it'),
  ),
)
  .option('--json', 'print JSON')
  .action(async (feed: string, version: string | undefined, options: CatalogueOptions) => {
    if (version !== undefined && feed !== 'promote') {
      throw new UsageError(`Give one feed; found ${JSON.stringify(feed)} and ${JSON.stringify(version)}.`);
    }
    const print = (value: unknown, text: string) =>
      process.stdout.write(options.json === true ? `${JSON.stringify(value)}\n` : text);
    const now = new Date().toISOString();
    if (feed === 'list') {
      const store = await openStore(options);
      const records = await listFeedRecords(store, warn);
      const pointer = await readCataloguePointer(store);
      const load = suggestWithoutStore(store, 'catalogue -- FEED');
      print(records, tableOfFeeds(records, pointer?.version, pointer?.previous ?? null, load));
    } else if (feed === 'rollback') {
      const live = await rollBackCatalogue(await openStore(options), now);
      print({ live }, `Catalogue ${live} is live again. Rolling back once more undoes this.\n`);
    } else if (feed === 'promote') {
      if (version === undefined)
        throw new UsageError(`Say which: ${commandAt(placeOptions(options), 'catalogue -- promote VERSION')}.`);
      const before = await promoteCatalogue(await openStore(options), version, now);
      print({ live: version, before }, `Catalogue ${version} is live; before it, ${before ?? 'nothing'} was.\n`);
    } else await load(feed, options, print);
  });

async function load(feed: string, options: CatalogueOptions, print: (value: unknown, text: string) => void) {
  if (options.store !== undefined) {
    throw new UsageError('--store is for list, promote and rollback; a feed goes to a --workspace or a --stage.');
  }
  const isLocal = options.stage === undefined;
  const loadOptions = loadOptionsOf(options);
  const record = isLocal
    ? await loadLocally(feed, options.workspace, loadOptions)
    : await loadInCloud(feed, await openStore(options), loadOptions, process.stderr);
  const store = await openStore(options);
  // Nobody expects the made-up shop to have the feed's products.
  const isJudged = record.outcome === 'live' && !(isLocal && (await isMadeUpRunLive(store, options.workspace)));
  const note = isJudged ? await noteOfUnknownProducts(store, record.version) : undefined;
  const whole = note === undefined ? record : { ...record, notes: [...record.notes, note] };
  print(whole, describeFeed(whole, placeOptions(options)));
  if (record.outcome !== 'live') exitCode = EXIT_REFUSED;
}

process.exitCode = (await runCommand(command)) || exitCode;
