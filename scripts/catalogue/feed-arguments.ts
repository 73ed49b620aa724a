import { type Command, InvalidArgumentError, Option } from 'commander';
import { FEED_FORMAT_NAMES, type FeedFormatName } from '../../engine/catalogue/feed-formats.ts';
import type { LoadOptions } from '../../lambdas/catalogue/load-feed.ts';
import { withoutUndefined } from '../lib/reading-options.ts';
import { repeatable } from '../lib/repeatable.ts';
import { UsageError } from '../lib/usage-error.ts';

/** Field → which column holds it; the flag is the field's name with hyphens. */
const FIELDS = {
  id: "the column with a product's id, the same as in the clicks",
  title: 'the column with its name',
  link: 'the column with the address of its page',
  image_link: 'the column with the address of its picture',
  price: 'the column with its price: 12.90, or 12.90 EUR',
  sale_price: 'the column with its price while it is reduced',
  currency: 'the column with the currency, where prices do not say it',
  availability: 'the column with its availability: in_stock, out_of_stock, preorder, backorder, or how many there are',
  brand: 'the column with its brand',
  product_type: 'the column with its category, such as Home > Garden',
  item_group_id: 'the column that variants of one product have in common',
  action: 'with --delta: the column that says upsert or delete',
} as const;

type Field = keyof typeof FIELDS;

/** As commander hands them over. */
export interface FeedArguments extends Record<string, unknown> {
  format?: FeedFormatName;
  names?: string[];
  delimiter?: string;
  encoding?: 'utf-8' | 'latin-1' | 'utf-16';
  delta?: boolean;
  delete?: boolean;
  force?: boolean;
  attribute?: Record<string, string>;
}

const list = (text: string) => text.split(',').map((name) => name.trim());

export function withFeedOptions(command: Command): Command {
  for (const [field, meaning] of Object.entries(FIELDS)) {
    command.option(`--${field.replaceAll('_', '-')} <column>`, meaning);
  }
  return command
    .option(
      '--attribute <field=column>',
      'the column of any other field; may be given again',
      repeatable(collectAttribute),
    )
    .addOption(
      new Option('--format <name>', 'eshop: the clicks of UCI 553, which say what the products are like').choices([
        ...FEED_FORMAT_NAMES,
      ]),
    )
    .option('--names <columns>', 'the file has no header: these are its columns', list)
    .option('--delimiter <character>', 'detected when left out')
    .addOption(
      new Option('--encoding <name>', 'of a text file; UTF-8, or what an XML file says').choices([
        'utf-8',
        'latin-1',
        'utf-16',
      ]),
    )
    .option('--delta', 'changes the products that it names, and leaves the others as they are')
    .addOption(new Option('--delete', 'with --delta: every row names a product to delete').implies({ delta: true }))
    .option('--force', 'go live whatever it has lost; it stands in the record');
}

function collectAttribute(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, field, column] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (column === undefined) throw new InvalidArgumentError('Give it as field=column, such as colour=Farbe.');
  if (Object.hasOwn(before, field)) throw new InvalidArgumentError(`It names ${JSON.stringify(field)} twice.`);
  return { ...before, [field]: column };
}

/** What was typed, and nothing else. @throws UsageError when an option is of no use without another one. */
export function loadOptionsOf(given: FeedArguments): LoadOptions {
  if (given['action'] !== undefined && given.delta !== true) {
    throw new UsageError(
      '--action is for changes: give --delta as well. Without it the feed is all that there is, and every row of it goes live.',
    );
  }
  const columns: Record<string, string> = { ...given.attribute };
  for (const field of Object.keys(FIELDS) as Field[]) {
    const column = given[field.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
    if (typeof column !== 'string') continue;
    if (Object.hasOwn(columns, field)) {
      throw new UsageError(
        `--attribute ${field}=${columns[field]} and --${field.replaceAll('_', '-')} ${column} name one field: give one of them.`,
      );
    }
    columns[field] = column;
  }
  return {
    kind: given.delta === true ? 'delta' : 'full',
    ...withoutUndefined({
      format: given.format,
      columns: Object.keys(columns).length === 0 ? undefined : columns,
      names: given.names,
      delimiter: given.delimiter === '\\t' ? '\t' : given.delimiter,
      encoding: given.encoding,
      deletes: given.delete,
      force: given.force,
    }),
  };
}
