import type { ApiProblem } from '../../api/request.ts';
import type { Resource } from '../../api/resource.ts';
import { Picture } from '../../parts/picture.tsx';
import { factsOf, formatPrice } from '../../parts/product-facts.ts';
import { Failed, Loading } from '../../parts/states.tsx';
import { shopPath } from './shop-path.ts';

export interface ShelfItem {
  productId: string;
  fields?: Readonly<Record<string, string | number | readonly string[]>>;
}

/** A row of products. `asked` is the call that filled it: the shop shows how it is made. */
export function Shelf({
  title,
  asked,
  items,
  isGrid = false,
}: {
  title: string;
  asked: string;
  items: Resource<{ items: readonly ShelfItem[] }>;
  isGrid?: boolean;
}) {
  const { data, problem, isLoading, reload } = items;
  return (
    <section class="shelf" aria-label={title} aria-busy={isLoading}>
      <div class="panel-head">
        <h2>{title}</h2>
        <code>{asked}</code>
      </div>
      <ShelfState problem={problem} onRetry={reload} isEmpty={data === undefined && isLoading} />
      {data?.items.length === 0 && <p class="muted">There is nothing left to recommend.</p>}
      {data !== undefined && data.items.length > 0 && (
        <ul class={isGrid ? 'goods grid-of-goods' : 'goods'}>
          {data.items.map((item) => (
            <Goods key={item.productId} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ShelfState({
  problem,
  onRetry,
  isEmpty,
}: {
  problem: ApiProblem | undefined;
  onRetry: () => void;
  isEmpty: boolean;
}) {
  if (problem !== undefined) return <Failed problem={problem} onRetry={onRetry} />;
  return isEmpty ? <Loading minHeight={236} /> : null;
}

function Goods({ item: { productId, fields } }: { item: ShelfItem }) {
  const { title, price, currency, picture, isInStock } = factsOf(fields);
  return (
    <li>
      <a href={shopPath(productId)}>
        <Picture productId={productId} src={picture} />
        <span class={title === undefined ? 'id' : 'title'}>{title ?? productId}</span>
        <span class="muted">
          {price === undefined ? ' ' : formatPrice(price, currency)}
          {!isInStock && ' · sold out'}
        </span>
      </a>
    </li>
  );
}
