import { cutoffOf } from '../../engine/evaluation/rules-effect.ts';
import type { ListedRules } from '../../lambdas/shared/rules/rules-publication.ts';
import { commandAt } from '../../lambdas/shared/store/suggested-command.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { oneLine } from '../lib/printable.ts';

/** The whole stands in what `show` prints. */
const LONGEST_CELL = 80;

/** A line a version. @param where the options that name what they are in. */
export function tableOfRules(listed: readonly ListedRules[], where: string): string {
  if (listed.length === 0)
    return `No rules were published yet. Write a file, see docs/merchandising.md, and check it: ${commandAt(where, 'rules -- check FILE')}\n`;
  const rows = listed.map(({ version, status, rules }) =>
    rules === undefined
      ? [version, status, '', '', '', 'cannot be read', '']
      : [
          version,
          status,
          `${Object.keys(rules.placements).length}`,
          `${rules.rules.length}`,
          oneLine(rules.publication.author, LONGEST_CELL),
          oneLine(rules.publication.note, LONGEST_CELL),
          effectOf(rules.publication),
        ],
  );
  const head = ['version', 'status', 'placements', 'rules', 'author', 'note', 'effect'];
  return `${alignColumns([head, ...rows], [2, 3]).join('\n')}\n`;
}

/** The change in each placement that was measured. */
function effectOf({ effect }: NonNullable<ListedRules['rules']>['publication']): string {
  if (effect === null) return 'not measured';
  return effect.placements
    .map((placement) => {
      const { value } = placement.HR.difference;
      return `${placement.placement ?? '(none named)'} HR@${cutoffOf(placement)} ${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
    })
    .join(', ');
}
