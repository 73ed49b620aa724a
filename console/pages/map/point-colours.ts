/** Told apart by most people with a colour-vision deficiency as far as twelve hues can be; names stand beside them. */
const CATEGORIES = [
  '#4e63d9',
  '#e0862b',
  '#2f9e68',
  '#d1495b',
  '#8457c5',
  '#1497b3',
  '#b5892b',
  '#d05fa2',
  '#6b8e23',
  '#8c6d5a',
  '#5c7f9e',
  '#c0504d',
] as const;

export function categoryColour(category: number): string {
  return CATEGORIES[category % CATEGORIES.length];
}

/** Dark blue to yellow, even in lightness. @param share 0…1 */
export function rampColour(share: number): string {
  const at = Math.min(0.9999, Math.max(0, share)) * (RAMP.length - 1);
  const [from, to] = [RAMP[Math.floor(at)], RAMP[Math.floor(at) + 1]];
  const part = at - Math.floor(at);
  return `rgb(${from.map((c, i) => Math.round(c + (to[i] - c) * part)).join(',')})`;
}
const RAMP = [
  [59, 76, 160],
  [36, 134, 160],
  [63, 173, 120],
  [160, 196, 72],
  [245, 200, 66],
];

/** (4n) @param opacity 0…255 */
export function coloursOf(n: number, colourAt: (i: number) => string, opacity: number): Uint8Array {
  const bytes = new Uint8Array(4 * n);
  const parsed = new Map<string, readonly number[]>();
  for (let i = 0; i < n; i++) {
    const text = colourAt(i);
    let rgb = parsed.get(text);
    if (rgb === undefined) {
      rgb = parse(text);
      parsed.set(text, rgb);
    }
    bytes.set(rgb, 4 * i);
    bytes[4 * i + 3] = opacity;
  }
  return bytes;
}

function parse(colour: string): readonly number[] {
  if (colour.startsWith('#')) return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return colour.match(/\d+/g)!.map(Number);
}
