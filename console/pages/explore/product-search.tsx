import { useEffect, useId, useState } from 'preact/hooks';
import { liveApi, type ProductSummary } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { formatCount } from '../../format.ts';
import { Failed } from '../../parts/states.tsx';

const MOST_MATCHES = 12;
const TYPING_MS = 120;
/** Of the most viewed products, those that the search knows by their ids. */
const SEARCHED = 1_000;

/** Search as you type: arrows move, Enter takes, Escape closes. */
export function ProductSearch({ productCount, onPick }: { productCount: number; onPick(productId: string): void }) {
  const listId = useId();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const products = useResource((signal) => liveApi.products({ limit: SEARCHED }, signal), []);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim().toLowerCase()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const items = products.data?.items ?? [];
  const matches = items.filter(({ productId }) => productId.toLowerCase().includes(asked)).slice(0, MOST_MATCHES);
  const pick = (product: ProductSummary | undefined) => {
    if (product === undefined) return;
    onPick(product.productId);
    setText('');
    setOpen(false);
  };
  const surprise = () => pick(items[Math.floor(Math.random() * items.length)]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false);
    if (event.key === 'Enter' && isOpen) pick(matches[active]);
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpen(true);
    const step = event.key === 'ArrowDown' ? 1 : -1;
    setActive((active + step + matches.length) % Math.max(1, matches.length));
  };
  const isListed = isOpen && products.data !== undefined;
  // The pattern of the ARIA guide; Preact's types allow this role only with a <datalist>.
  const combobox: object = {
    role: 'combobox',
    'aria-expanded': isListed,
    'aria-controls': listId,
    'aria-autocomplete': 'list',
    'aria-activedescendant': isListed && matches.length > 0 ? `${listId}-${active}` : undefined,
  };
  return (
    <div class="search">
      <label for={`${listId}-input`}>Find a product</label>
      <div class="row">
        <div class="combobox">
          <input
            id={`${listId}-input`}
            type="search"
            {...combobox}
            autocomplete="off"
            spellcheck={false}
            placeholder="Type a part of its id"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setActive(0);
              setOpen(true);
            }}
            onFocus={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={onKeyDown}
          />
          <div id={listId} role="listbox" aria-label="Products" hidden={!isListed} class="matches">
            {matches.map((product, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and hears the keys
              <div
                key={product.productId}
                id={`${listId}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === active}
                // The field keeps the focus: a click must not take it away before it counts.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => pick(product)}
              >
                <span class="id">{product.productId}</span>
                <small>{formatCount(product.views)} views</small>
              </div>
            ))}
            {matches.length === 0 && <p class="muted">No id holds “{asked}”.</p>}
          </div>
        </div>
        <button type="button" disabled={items.length === 0} onClick={surprise}>
          Surprise me
        </button>
      </div>
      {productCount > SEARCHED && (
        <p class="note">
          The search knows the {formatCount(SEARCHED)} most viewed of {formatCount(productCount)} products.
        </p>
      )}
      {products.problem && <Failed problem={products.problem} onRetry={products.reload} />}
    </div>
  );
}
