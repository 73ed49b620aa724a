import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { liveApi } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { Picture } from '../../parts/picture.tsx';
import { factsOf, formatPrice } from '../../parts/product-facts.ts';
import { Empty, Failed } from '../../parts/states.tsx';
import { catalogue, shownFields } from '../../state.ts';
import { Shelf } from './shelf.tsx';
import { ShopFrame } from './shop-frame.tsx';
import { addToCart, removeFromCart, view, visit } from './visit.ts';

const SHELF = 6;
const LISTED = 24;

/** The first page: what this visitor may like, then what all like. */
export function Shop() {
  const fields = shownFields.value;
  const popular = useResource(
    (signal) => liveApi.products({ limit: LISTED, ...asking(fields) }, signal),
    [fields.join()],
  );
  return (
    <ShopFrame title="Welcome">
      <p class="lead">
        A small shop whose shelves come from the API. Click through it: each click is a view, and the shelves react. The
        call behind each shelf stands beside it.
        {catalogue.value === null && ' No catalogue is loaded, so products are called by their ids.'}
      </p>
      <ForYou />
      <Shelf title="Popular" asked={`GET /v1/products?limit=${LISTED}`} items={popular} isGrid />
    </ShopFrame>
  );
}

export function ShopProduct() {
  const { params } = useRoute();
  // preact-iso has decoded it.
  const productId = params['productId'];
  const fields = shownFields.value;
  useEffect(() => view(productId), [productId]);
  const product = useResource(
    (signal) => liveApi.product(productId, asking(fields), signal),
    [productId, fields.join()],
  );
  const similar = useResource(
    (signal) => liveApi.productRecommendations(productId, { count: SHELF, ...asking(fields) }, signal),
    [productId, fields.join()],
  );
  // The product before stays there until this one is read, and longer when it cannot be.
  const read = product.data?.productId === productId ? product.data : undefined;
  const { title, price, currency, brand, category, picture, isInStock } = factsOf(read?.fields);
  const isInCart = visit.value.cart.includes(productId);
  return (
    <ShopFrame title={title ?? productId}>
      {product.problem !== undefined && <Failed problem={product.problem} onRetry={product.reload} />}
      <div class="product">
        <Picture productId={productId} src={picture} />
        <div>
          {/* Lines that are there before their text is, so that nothing below jumps. */}
          <p class="muted">{[brand, category].filter(Boolean).join(' · ') || '\u00a0'}</p>
          <p class="price">{price === undefined ? '\u00a0' : formatPrice(price, currency)}</p>
          <p class="muted">
            <span class="id">{productId}</span>
            {price === undefined ? ' · no catalogue says its price' : ` · ${isInStock ? 'in stock' : 'sold out'}`}
          </p>
          <button type="button" class="primary" disabled={isInCart || !isInStock} onClick={() => addToCart(productId)}>
            {isInCart ? 'It is in the cart' : 'Put it into the cart'}
          </button>{' '}
          <a href={`/explore?viewed=${encodeURIComponent(productId)}`}>Why these recommendations?</a>
        </div>
      </div>
      <Shelf
        title="Similar products"
        asked={`GET /v1/products/${productId}/recommendations?count=${SHELF}`}
        items={similar}
      />
      <ForYou />
    </ShopFrame>
  );
}

export function ShopCart() {
  const { cart } = visit.value;
  const fields = shownFields.value;
  const goods = useResource(
    async (signal) => Promise.all(cart.map((id) => liveApi.product(id, asking(fields), signal))),
    [cart.join('\n'), fields.join()],
  );
  const matching = useSession(cart);
  const facts = (goods.data ?? []).map(({ productId, fields: shown }) => ({ productId, ...factsOf(shown) }));
  const total = facts.reduce((sum, { price = 0 }) => sum + price, 0);
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
            {facts.map(({ productId, title, price, currency, picture }) => (
              <li key={productId}>
                <Picture productId={productId} src={picture} />
                <a href={`/shop/products/${encodeURIComponent(productId)}`}>{title ?? productId}</a>
                <span class="number">{price === undefined ? '' : formatPrice(price, currency)}</span>
                <button type="button" class="quiet" onClick={() => removeFromCart(productId)}>
                  Remove<span class="visually-hidden"> {title ?? productId}</span>
                </button>
              </li>
            ))}
          </ul>
          {total > 0 && <p class="price">Together {formatPrice(total, facts[0]?.currency)}</p>}
          <Shelf title="Goes with your cart" asked="POST /v1/recommendations {viewed: your cart}" items={matching} />
        </>
      )}
    </ShopFrame>
  );
}

/** What the whole visit leads to. */
function ForYou() {
  const { viewed } = visit.value;
  const recommended = useSession(viewed);
  if (viewed.length === 0) return null;
  return (
    <Shelf
      title="Picked for this visit"
      asked={`POST /v1/recommendations {viewed: ${viewed.length} ${viewed.length === 1 ? 'product' : 'products'}}`}
      items={recommended}
    />
  );
}

function useSession(viewed: readonly string[]) {
  const fields = shownFields.value;
  return useResource(
    viewed.length === 0
      ? undefined
      : (signal) => liveApi.sessionRecommendations({ viewed: [...viewed], count: SHELF, ...asking(fields) }, signal),
    [viewed.join('\n'), fields.join()],
  );
}

function asking(fields: string[]): { fields?: string[] } {
  return fields.length === 0 ? {} : { fields };
}
