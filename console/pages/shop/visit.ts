import { effect, signal } from '@preact/signals';

/**
 * The visitor's session and cart. They stay in this tab: the API stores nothing about a guest, and neither does the shop
 * beyond the tab.
 */
const KEY = 'alike-demo-shop';

interface Visit {
  viewed: string[];
  cart: string[];
}

export const visit = signal<Visit>(restore());
effect(() => {
  const text = JSON.stringify(visit.value);
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // A browser that stores nothing shows the shop all the same.
  }
});

function restore(): Visit {
  try {
    const { viewed, cart } = JSON.parse(sessionStorage.getItem(KEY) ?? '');
    if (Array.isArray(viewed) && Array.isArray(cart)) return { viewed: viewed.map(String), cart: cart.map(String) };
  } catch {
    // Nothing was kept.
  }
  return { viewed: [], cart: [] };
}

/** As the API takes it: newest last. A reload is no second view. */
export function view(productId: string): void {
  const { viewed, cart } = visit.peek();
  if (viewed.at(-1) !== productId) visit.value = { viewed: [...viewed, productId].slice(-1_000), cart };
}

export function addToCart(productId: string): void {
  const { viewed, cart } = visit.peek();
  if (!cart.includes(productId)) visit.value = { viewed, cart: [...cart, productId] };
}

export function removeFromCart(productId: string): void {
  const { viewed, cart } = visit.peek();
  visit.value = { viewed, cart: cart.filter((id) => id !== productId) };
}

export function startOver(): void {
  visit.value = { viewed: [], cart: [] };
}
