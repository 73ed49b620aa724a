import type { Rules } from '../../api/client.ts';

type PublishedRule = Rules['rules'][number];

/** Of a list by name, as many as a cell has room for. */
const MOST_NAMED = 20;

/** What a rule does, as one sentence. */
export function effectOf(rule: PublishedRule): string {
  const products = selectionText(rule.products);
  switch (rule.type) {
    case 'require':
      return `Only these are shown: ${products}`;
    case 'exclude':
      return `These are never shown: ${products}`;
    case 'boost':
    case 'bury':
      return `These rank ${rule.type === 'boost' ? 'higher' : 'lower'}, ${changeText(rule)}: ${products}`;
    case 'pin':
      return `This stands at position ${rule['position']}: ${rule['product']}`;
    case 'diversify':
      return `Of each ${rule['field']}, no more than ${rule['most']} stand among the first ${rule['first']}.`;
  }
}

function changeText({ factor, add }: PublishedRule): string {
  if (factor !== undefined) return `their scores times ${factor}`;
  return `by ${Math.abs(Number(add))} of the highest score`;
}

export function selectionText(selection: string | string[] | undefined): string {
  if (selection === undefined) return 'all';
  if (typeof selection === 'string') return selection;
  const rest = selection.length - MOST_NAMED;
  return `${selection.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Where a rule applies: a placement that lists its rules has no others, whatever they name. */
export function placementsText({ id, placements: wanted }: PublishedRule, placements: Rules['placements']): string {
  const leaveOut = placements.filter(({ rules }) => rules?.includes(id) === false).map(({ name }) => name);
  if (!Array.isArray(wanted)) return leaveOut.length === 0 ? 'all' : `all but ${leaveOut.join(', ')}`;
  return wanted.filter((name) => !leaveOut.includes(name)).join(', ') || 'none';
}

/** @param zone of the file: a rule may have its own. */
export function validityText({ from, until, timeZone }: PublishedRule, zone: string): string {
  if (from === undefined && until === undefined) return 'always';
  const times = [from !== undefined && `from ${from}`, until !== undefined && `until ${until}`];
  const own = timeZone !== undefined && timeZone !== zone && `(${timeZone})`;
  return [...times, own].filter(Boolean).join(' ');
}

/** A sentence that somebody may have written without its end. */
export function asSentence(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
