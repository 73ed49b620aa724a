/** What a catalogue says of a product, where it says it. */
export interface ProductFacts {
  title: string | undefined;
  price: number | undefined;
  /** `USD`, as the feed says it. */
  currency: string | undefined;
  brand: string | undefined;
  category: string | undefined;
  isInStock: boolean;
  picture: string | undefined;
}

type Fields = Readonly<Record<string, string | number | readonly string[]>> | undefined;

/** The fields that cards show; of these, only what the catalogue has may be asked for. */
export const SHOWN_FIELDS = [
  'title',
  'price',
  'sale_price',
  'image_link',
  'brand',
  'product_type',
  'availability',
  'currency',
];

export function factsOf(fields: Fields): ProductFacts {
  const text = (name: string) => {
    const value = fields?.[name];
    return value === undefined || typeof value === 'number' ? undefined : typeof value === 'string' ? value : value[0];
  };
  const number = (name: string) => (typeof fields?.[name] === 'number' ? fields[name] : undefined);
  return {
    title: text('title'),
    price: number('sale_price') ?? number('price'),
    currency: text('currency'),
    brand: text('brand'),
    category: text('product_type'),
    isInStock: text('availability') !== 'out_of_stock',
    picture: ownPicture(text('image_link')),
  };
}

/** The console loads nothing from elsewhere: a picture on a shop's own servers is not shown. */
function ownPicture(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  return /^data:image\//.test(address) || /^\/(?!\/)/.test(address) ? address : undefined;
}

export function formatPrice(price: number, currency: string | undefined): string {
  return currency === undefined ? price.toFixed(2) : `${price.toFixed(2)} ${currency}`;
}
