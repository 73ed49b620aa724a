import { useEffect, useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/request.ts';
import { Failed } from '../../parts/states.tsx';

/** Rules to begin with. @param listed products that are recommended at present, so that what is said of them shows. */
function examplesFor(listed: readonly string[]): [name: string, rule: object | undefined][] {
  const [first, second = first] = listed;
  return [
    ['boost', { type: 'boost', products: 'availability:in_stock', factor: 2 }],
    ['bury', { type: 'bury', products: 'price>2*@price', factor: 0.5 }],
    ['exclude', first === undefined ? undefined : { type: 'exclude', products: [...new Set([first, second])] }],
    ['pin', first === undefined ? undefined : { type: 'pin', product: listed.at(-1), position: 1 }],
    ['mix', { type: 'diversify', field: 'product_type', most: 2, first: 5 }],
  ];
}

/** A rule that nobody has published, in the words of a file of rules; the server says what is wrong with one. */
export function RuleField({
  rule,
  problem,
  notes,
  listed,
  onApply,
}: {
  rule: string;
  problem: ApiProblem | undefined;
  /** What is to be known of the rule that is applied. */
  notes: readonly string[];
  /** Ids of the products that are recommended at present. */
  listed: readonly string[];
  onApply(text: string): void;
}) {
  const [text, setText] = useState(rule);
  useEffect(() => setText(rule), [rule]);
  return (
    <details class="field rule" open={rule !== ''}>
      <summary>Try a rule before anybody sees it</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onApply(text.trim());
        }}
      >
        <p class="row examples">
          <span>Begin with</span>
          {examplesFor(listed).map(([name, example]) => (
            <button
              key={name}
              type="button"
              disabled={example === undefined}
              onClick={() => setText(JSON.stringify(example))}
            >
              {name}
            </button>
          ))}
        </p>
        <label class="field">
          <span>Rule, as in docs/merchandising.md; a list of rules is taken, too</span>
          <textarea rows={2} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <p class="row">
          <button type="submit" disabled={text.trim() === ''}>
            Apply
          </button>
          {rule !== '' && (
            <button type="button" onClick={() => onApply('')}>
              Clear
            </button>
          )}
        </p>
      </form>
      {problem !== undefined && <Failed problem={problem} />}
      {notes.map((note) => (
        <p key={note} class="note" role="status">
          {note}
        </p>
      ))}
    </details>
  );
}
