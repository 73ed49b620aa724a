import { useState } from 'preact/hooks';

/** A product's picture; without one, or while it cannot be loaded, its first letters on a colour of its own. */
export function Picture({ productId, src }: { productId: string; src?: string | undefined }) {
  const [broken, setBroken] = useState<string>();
  if (src !== undefined && src !== broken) {
    return (
      <img class="picture" src={src} alt="" loading="lazy" width="56" height="56" onError={() => setBroken(src)} />
    );
  }
  return (
    <svg class={`picture hue-${hueOf(productId)}`} viewBox="0 0 56 56" width="56" height="56" aria-hidden="true">
      <rect width="56" height="56" rx="8" />
      <text x="28" y="33" text-anchor="middle">
        {[...productId].slice(0, 3).join('')}
      </text>
    </svg>
  );
}

const HUES = 8;

function hueOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (31 * sum + character.codePointAt(0)!) % 9973;
  return sum % HUES;
}
