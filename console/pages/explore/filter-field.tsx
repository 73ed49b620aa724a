import { useEffect, useState } from 'preact/hooks';
import { catalogue } from '../../state.ts';

/** A filter in the API's own words; the API says what is wrong with one. */
export function FilterField({ filter, onApply }: { filter: string; onApply(text: string): void }) {
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  const names = catalogue.value?.fields.filter(({ type }) => type !== 'text').map(({ name }) => name) ?? [];
  return (
    <form
      class="field filter"
      onSubmit={(event) => {
        event.preventDefault();
        onApply(text.trim());
      }}
    >
      <span>
        <label for="filter">Filter</label> over {names.slice(0, 5).join(', ')}; @ is the viewed product's own value
      </span>
      <div class="row">
        <input
          id="filter"
          type="text"
          spellcheck={false}
          placeholder="price<=1.5*@price AND product_type:@"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">Apply</button>
        {filter !== '' && (
          <button type="button" onClick={() => onApply('')}>
            Clear
          </button>
        )}
      </div>
    </form>
  );
}
