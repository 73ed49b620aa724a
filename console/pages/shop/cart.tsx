import { liveApi } from '../../api/client.ts';
import { ApiProblem } from '../../api/request.ts';
import { useResource } from '../../api/resource.ts';
import { Picture } from '../../parts/picture.tsx';
import { factsOf, formatPrice, type ProductFacts } from '../../parts/product-facts.ts';
import { Empty, Failed } from '../../parts/states.tsx';
import { shownFields } from '../../state.ts';
import { Shelf } from './shelf.tsx';
import { ShopFrame } from './shop-frame.tsx';
import { shopPath } from './shop-path.ts';
import { asking, useSession } from './use-session.ts';
import { removeFromCart, visit } from './visit.ts';

export function ShopCart() {
  const { cart } = visit.value;
  const fields = shownFields.value;
  const goods = useResource(
    (signal) => Promise.all(cart.map((id) => readIfKnown(id, fields, signal))),
    [cart.join('\n'), fields.join()],
  );
  const matching = useSession(cart);
  // What lies in the cart is listed, and can be taken out, also while it cannot be read.
  const lines = cart.map((productId) => ({
    productId,
    ...factsOf(goods.data?.find((product) => product?.productId === productId)?.fields),
  }));
  const sums = sumsOf(lines);
  return (
    <ShopFrame title="Cart">
      {goods.problem !== undefined && <Failed problem={goods.problem} onRetry={goods.reload} />}
      {cart.length === 0 ? (
        <Empty title="The cart is empty.">
          <a href="/shop">Go shopping</a>
        </Empty>
      ) : (
        <>
          <ul class="cart">
            {lines.map(({ productId, title, price, currency, picture }) => (
              <li key={productId}>
                <Picture productId={productId} src={picture} />
                <a href={shopPath(productId)} class={title === undefined ? 'id' : 'title'}>
                  {title ?? productId}
                </a>
                <span class="number">{price === undefined ? '' : formatPrice(price, currency)}</span>
                <button type="button" class="quiet" onClick={() => removeFromCart(productId)}>
                  Remove<span class="visually-hidden"> {title ?? productId}</span>
                </button>
              </li>
            ))}
          </ul>
          {sums.length > 0 && <p class="price">Together {sums.join(' + ')}</p>}
          <Shelf title="Goes with your cart" asked="POST /v1/recommendations {viewed: your cart}" items={matching} />
        </>
      )}
    </ShopFrame>
  );
}

/** @returns undefined for one that the model does not know. @throws ApiProblem */
async function readIfKnown(productId: string, fields: string[], signal: AbortSignal) {
  try {
    return await liveApi.product(productId, asking(fields), signal);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** @returns one a currency: they do not add up. */
function sumsOf(lines: readonly Pick<ProductFacts, 'price' | 'currency'>[]): string[] {
  const sums = new Map<string | undefined, number>();
  for (const { price, currency } of lines) {
    if (price !== undefined) sums.set(currency, (sums.get(currency) ?? 0) + price);
  }
  return [...sums].map(([currency, sum]) => formatPrice(sum, currency));
}
