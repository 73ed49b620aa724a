/** What can be drawn: the kinds of the e-shop file and of the sample shop. */
export type Garment = 'trousers' | 'skirt' | 'blouse' | 'dress';

/** Outlines in a box of 120 × 160. */
const OUTLINES: Record<Garment, string> = {
  trousers: 'M38 24h44l6 116H68L60 62l-8 78H32z',
  skirt: 'M42 40h36l16 82q-34 12-68 0z',
  blouse: 'M44 28q16 12 32 0l26 18-10 26-12-6v66H40V66l-12 6-10-26z',
  dress: 'M46 22q14 12 28 0l8 30-8 16 20 70q-34 10-68 0l20-70-8-16z',
};

/**
 * A picture for a product that has none, as a link that needs no server: `data:image/svg+xml,…`, below 500 characters.
 *
 * @param colour any colour that CSS knows.
 */
export function drawProduct(garment: Garment, colour: string): string {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 160">' +
    '<rect width="120" height="160" fill="#f4f1ec"/>' +
    `<path d="${OUTLINES[garment]}" fill="${colour}" stroke="#3a3630" stroke-width="2" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
