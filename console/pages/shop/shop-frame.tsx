import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { counted } from '../../parts/counted.ts';
import { startOver, visit } from './visit.ts';

/** The storefront around each of its pages. */
export function ShopFrame({ title, children }: { title: string; children: ComponentChildren }) {
  const { viewed, cart } = visit.value;
  useEffect(() => {
    document.title = `${title} · Demo shop`;
  }, [title]);
  return (
    <div class="shop">
      <div class="shop-bar">
        <a class="shop-name" href="/shop">
          Demo shop
        </a>
        <span class="muted">{counted(viewed.length, 'view')} in this visit</span>
        <button type="button" class="quiet" disabled={viewed.length + cart.length === 0} onClick={startOver}>
          Be somebody new
        </button>
        <a class="button" href="/shop/cart">
          Cart ({cart.length})
        </a>
      </div>
      <h1 class="title">{title}</h1>
      {children}
    </div>
  );
}
