import type { Rules } from '../../api/client.ts';
import { validityText } from '../catalogue/rule-text.ts';

/** @returns a sentence for each drafted rule that changes no list of Explore, which asks now and names no placement. */
export function notInForce({ rules, timeZone }: Rules, drafted: readonly string[]): string[] {
  return rules
    .filter(({ id }) => drafted.includes(id))
    .flatMap((rule) => {
      const { placements, state } = rule;
      // Of no other time zone, so that the text names the rule's own.
      if (state !== 'active') {
        const own = { timeZone, ...rule };
        return `Rule ${rule.id} is not in force now: it applies ${validityText(own, '')}.`;
      }
      if (!Array.isArray(placements)) return [];
      return `Rule ${rule.id} does not apply here: it is for ${placements.join(', ')}, and this page names no placement. Take "placements" out to try it.`;
    });
}

/** Ids of the rules of a draft, as the server gives them to those without. @param text JSON that the server has read. */
export function draftedIds(text: string): string[] {
  const rules: { id?: string }[] = [JSON.parse(text)].flat();
  return rules.map(({ id }, i) => id ?? `draft-${i + 1}`);
}
