import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { liveApi, pathText } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { counted } from '../../parts/counted.ts';
import { Picture } from '../../parts/picture.tsx';
import { factsOf, formatPrice } from '../../parts/product-facts.ts';
import { Failed } from '../../parts/states.tsx';
import { catalogue, shownFields } from '../../state.ts';
import { Shelf } from './shelf.tsx';
import { ShopFrame } from './shop-frame.tsx';
import { productIdOf } from './shop-path.ts';
import { asking, SHELF, useSession } from './use-session.ts';
import { addToCart, view, visit } from './visit.ts';

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
  const productId = productIdOf(params['productId']);
  const fields = shownFields.value;
  useEffect(() => view(productId), [productId]);
  const product = useResource(
    (signal) => liveApi.product(productId, asking(fields), signal),
    [productId, fields.join()],
  );
  // The product before stays there until this one is read, and longer when it cannot be.
  const read = product.data?.productId === productId ? product.data : undefined;
  const { title, price, currency, brand, category, picture, isInStock } = factsOf(read?.fields);
  const stock = isInStock ? 'in stock' : 'sold out';
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
            {read !== undefined && ` · ${price === undefined ? 'no catalogue says its price' : stock}`}
          </p>
          <button
            type="button"
            class="primary"
            disabled={read === undefined || isInCart || !isInStock}
            onClick={() => addToCart(productId)}
          >
            {isInCart ? 'It is in the cart' : 'Put it into the cart'}
          </button>{' '}
          <a href={`/explore?viewed=${encodeURIComponent(productId)}`}>Why these recommendations?</a>
        </div>
      </div>
      <SimilarProducts key={productId} productId={productId} />
      <ForYou />
    </ShopFrame>
  );
}

function SimilarProducts({ productId }: { productId: string }) {
  const fields = shownFields.value;
  const similar = useResource(
    (signal) => liveApi.productRecommendations(productId, { count: SHELF, ...asking(fields) }, signal),
    [productId, fields.join()],
  );
  return (
    <Shelf
      title="Similar products"
      asked={`GET /v1/products/${pathText(productId)}/recommendations?count=${SHELF}`}
      items={similar}
    />
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
      asked={`POST /v1/recommendations {viewed: ${counted(viewed.length, 'product')}}`}
      items={recommended}
    />
  );
}
