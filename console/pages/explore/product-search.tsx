import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { liveApi, type ProductSummary } from '../../api/client.ts';
import { type ApiProblem, isAbort } from '../../api/request.ts';
import { problemOf, useResource } from '../../api/resource.ts';
import { counted } from '../../parts/counted.ts';
import { factsOf } from '../../parts/product-facts.ts';
import { Failed } from '../../parts/states.tsx';
import { shownFields } from '../../state.ts';

const MOST_MATCHES = 12;
/** That the API searches for. */
const LONGEST = 200;
const TYPING_MS = 120;
/** From which "Surprise me" draws. */
const SURPRISING = 1_000;

/** Search as you type: arrows move, Enter takes, Escape closes. */
export function ProductSearch({ onPick }: { onPick(productId: string): void }) {
  const listId = useId();
  const { path } = useLocation();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const [problem, setProblem] = useState<ApiProblem>();
  const fields = shownFields.value.filter((name) => name === 'title');
  const products = useResource(
    isOpen
      ? async (signal) => {
          const { items } = await liveApi.products(
            { limit: MOST_MATCHES, ...(asked !== '' && { query: asked }), ...(fields.length > 0 && { fields }) },
            signal,
          );
          return { query: asked, items };
        }
      : undefined,
    [isOpen, asked, fields.length],
  );
  const typed = text.trim().slice(0, LONGEST);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  const matches = products.data?.items ?? [];
  const pick = (product: ProductSummary | undefined) => {
    if (product === undefined) return;
    onPick(product.productId);
    setText('');
    setOpen(false);
  };
  const [surprising, setSurprising] = useState<AbortController>();
  // Who has gone to another page is not called back.
  useEffect(() => () => surprising?.abort(), [surprising, path]);
  const surprise = async () => {
    if (surprising !== undefined) return;
    const controller = new AbortController();
    setProblem(undefined);
    setSurprising(controller);
    try {
      const { items } = await liveApi.products({ limit: SURPRISING }, controller.signal);
      if (!controller.signal.aborted) pick(items[Math.floor(Math.random() * items.length)]);
    } catch (error) {
      if (!isAbort(error)) setProblem(problemOf(error));
    }
    setSurprising(undefined);
  };
  // Who types and presses Enter at once means the first match, which is still on its way. What is listed until it comes
  // was found for something else, and stays there if it does not come.
  const isPending = products.isLoading || products.data?.query !== typed;
  const wantsFirst = useRef(false);
  useEffect(() => {
    if (!isOpen) wantsFirst.current = false;
    if (isPending || !wantsFirst.current) return;
    wantsFirst.current = false;
    pick(matches[0]);
  }, [isPending, isOpen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && isOpen) {
      // Chromium would empty the field, and what is typed opens the list.
      event.preventDefault();
      setOpen(false);
    }
    if (event.key === 'Enter' && isOpen) {
      if (isPending) wantsFirst.current = true;
      else pick(matches[active]);
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpen(true);
    const step = event.key === 'ArrowDown' ? 1 : -1;
    const next = (active + step + matches.length) % Math.max(1, matches.length);
    setActive(next);
    document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
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
            placeholder={fields.length > 0 ? 'Type a part of its id or title' : 'Type a part of its id'}
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setActive(0);
              setOpen(true);
              wantsFirst.current = false;
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
                <span class="title">
                  <span class="id">{product.productId}</span> {factsOf(product.fields).title}
                </span>
                <small>{counted(product.views, 'view')}</small>
              </div>
            ))}
            {matches.length === 0 && (
              <p class="muted">
                No product has “{products.data?.query}” in its {fields.length > 0 ? 'id or title' : 'id'}.
              </p>
            )}
          </div>
        </div>
        <button type="button" aria-disabled={surprising !== undefined} onClick={surprise}>
          Surprise me
        </button>
      </div>
      {products.problem && <Failed problem={products.problem} onRetry={products.reload} />}
      {problem && <Failed problem={problem} onRetry={surprise} />}
    </div>
  );
}
