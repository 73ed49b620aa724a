import { type ClickstreamSize, clickstream } from '../../../scripts/sample/clickstream.ts';

export const read = (size: ClickstreamSize) => [...clickstream(size)].join('');

export interface View {
  date: string;
  order: number;
  country: number;
  session: number;
  category: number;
  product: string;
  /** colour, location, model photography, price, price 2, page */
  attributes: number[];
}

export function parse(csv: string): View[] {
  const [, ...lines] = csv.trimEnd().split('\r\n');
  return lines.map((line) => {
    const f = line.split(';');
    return {
      date: `${f[0]}-${f[1].padStart(2, '0')}-${f[2].padStart(2, '0')}`,
      order: Number(f[3]),
      country: Number(f[4]),
      session: Number(f[5]),
      category: Number(f[6]),
      product: f[7],
      attributes: f.slice(8).map(Number),
    };
  });
}

export function bySession(views: View[]): View[][] {
  const sessions = new Map<number, View[]>();
  for (const view of views) {
    const session = sessions.get(view.session);
    if (session === undefined) sessions.set(view.session, [view]);
    else session.push(view);
  }
  return [...sessions.values()];
}

export const share = <T>(items: readonly T[], test: (item: T) => boolean) => items.filter(test).length / items.length;
