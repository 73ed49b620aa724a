import type { FeedRecord } from '../../engine/catalogue/feed-record.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { oneLine, printable } from '../lib/printable.ts';

/** What became of a feed, for a person. @param where the options of the same workspace or deployment. */
export function describeFeed(record: FeedRecord, where: string): string {
  const { version, outcome, reason, counts, firstReject, facts, changes } = record;
  const lines: string[] = [];
  if (outcome === 'live') lines.push(`Catalogue ${version} is live: ${summaryOf(record)}.`);
  else lines.push(`${outcome === 'refused' ? reason : `Not loaded: ${reason}`}`);
  if (record.forced) lines.push(reason);
  if (changes !== undefined && outcome === 'live') {
    const { added, updated, deleted } = changes;
    lines.push(`${products(added)} added, ${counted(updated)} updated, ${counted(deleted)} deleted.`);
  }
  if (counts.rejectedRows > 0) {
    // Of a feed that was refused the reason may say it.
    const first = firstReject === undefined || outcome !== 'live' ? '' : `, the first: ${firstReject}`;
    lines.push(
      `${counted(counts.rejectedRows)} of ${counted(counts.rows + counts.rejectedRows)} rows cannot be used${first}; they stand with line and reason in catalogue/${version}/rejected_rows/.`,
    );
  }
  for (const note of record.notes) lines.push(`Note: ${note}`);
  // Nobody wants a catalogue of nothing.
  if (outcome === 'refused' && facts !== undefined && facts.products > 0) {
    lines.push(`If it is right all the same: npm run catalogue -- promote ${version}${where}`);
  }
  return printable(`${lines.join('\n')}\n`);
}

function summaryOf({ facts }: FeedRecord): string {
  if (facts === undefined) return '';
  const soldOut = facts.withAvailability - facts.available;
  return [
    products(facts.products),
    ...(facts.withPrice > 0 ? [`${counted(facts.withPrice)} with a price`] : []),
    ...(soldOut > 0 ? [`${counted(soldOut)} sold out`] : []),
  ].join(', ');
}

/** The whole sentence is in `feed.json`, and with --json. */
const LONGEST_REASON = 100;
const LONGEST_NAME = 60;

/** @param live version. @param records the newest first. @param load the command that loads a feed there. */
export function tableOfFeeds(
  records: readonly FeedRecord[],
  live: string | undefined,
  previous: string | null,
  load: string,
): string {
  if (records.length === 0) return `No feed was loaded yet: ${load}\n`;
  const rows = [
    ['version', 'status', 'kind', 'products', 'available', 'feed', 'reason'],
    ...records.map((record) => [
      record.version,
      record.version === live ? 'live' : record.version === previous ? 'previous' : statusOf(record),
      record.kind,
      counted(record.facts?.products),
      record.facts === undefined || record.facts.withAvailability === 0 ? '' : counted(record.facts.available),
      oneLine(record.feed.name, LONGEST_NAME),
      record.outcome === 'live' && !record.forced ? '' : oneLine(record.reason, LONGEST_REASON),
    ]),
  ];
  return `${alignColumns(rows, [3, 4]).join('\n')}\n`;
}

function statusOf({ outcome }: FeedRecord): string {
  return outcome === 'live' ? 'replaced' : outcome;
}

function products(count: number): string {
  return count === 1 ? '1 product' : `${counted(count)} products`;
}

function counted(count: number | undefined): string {
  return count === undefined ? '' : count.toLocaleString('en');
}
