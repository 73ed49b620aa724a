import { valuesAt } from '../../engine/catalogue/catalogue.ts';
import { NotFoundError } from '../../engine/errors.ts';
import { ProductWorld } from '../../engine/rules/product-world.ts';
import { MAX_COUNT } from '../../lambdas/recommend/fields.ts';
import type { LiveData } from '../../lambdas/recommend/live-data.ts';
import { rowsOf } from '../../lambdas/recommend/product-lookup.ts';
import { alignColumns } from '../lib/align-columns.ts';
import { oneLine } from '../lib/printable.ts';
import { answerAsServed, placementIn, underRules } from './answers.ts';
import type { Draft } from './draft.ts';
import { filteredOut, type MissingPin, missingPins } from './missing-pins.ts';

export interface PreviewRequest {
  productId: string;
  placement: string | undefined;
  count: number | undefined;
  nowMs: number;
}

interface PreviewedItem {
  productId: string;
  title: string | undefined;
  source: string;
  /** `pin "first"` */
  touches: string[];
}

export interface Preview {
  productId: string;
  placement: string | undefined;
  /** Whether the live rules have the placement, too. */
  isLive: boolean;
  live: PreviewedItem[];
  draft: PreviewedItem[];
  /** Fields of the draft's filter that were given up. */
  relaxed: string[];
  /** Pins of the draft that are in force and not in its list, and why. */
  notPinned: (MissingPin & { title: string | undefined })[];
  /** Of the live list, what is not in the draft's, and why. */
  gone: { productId: string; title: string | undefined; because: string }[];
}

/** @throws NotFoundError when neither the model nor the catalogue knows the product. @throws InputError for an unknown placement. */
export function previewDraft(
  live: LiveData,
  draft: Draft,
  { productId, placement, count, nowMs }: PreviewRequest,
): Preview {
  const [row] = rowsOf(live, [productId]);
  if (row === undefined) {
    throw new NotFoundError(
      `Neither model ${live.model.version} nor the catalogue has a product ${JSON.stringify(productId)}.`,
    );
  }
  const drafted = underRules(live, draft.file, 'draft');
  const directions = drafted.rules!.engine.directionsFor(placement, row, nowMs);
  const ofLive = placementIn(live, placement);
  const ask = (data: LiveData, asked: string | undefined, most = count) =>
    answerAsServed(data, [productId], { placement: asked, count: most, explain: true, nowMs });
  const after = ask(drafted, placement);
  const before = ask(live, ofLive, count ?? directions.placement?.count);
  const describe = ({ productId: id, source, why }: (typeof after.items)[number]): PreviewedItem => ({
    productId: id,
    title: titleOf(live, id),
    source,
    touches: why?.rules?.map(({ type, rule }) => `${type} "${rule}"`) ?? [],
  });
  const world = new ProductWorld(live.model.index, live.catalogue);
  // Further down stands what a rule has lowered or held back.
  const longer = ask(drafted, placement, MAX_COUNT);
  const reasonOf = (id: string) => {
    const [product] = rowsOf(live, [id]);
    const keptOut = directions.keptOutBy(product);
    if (keptOut !== undefined) return `${keptOut.type} "${keptOut.rule}"`;
    const filtered = filteredOut(product, { relaxed: after.relaxed, placement: directions.placement }, world, row);
    if (filtered !== undefined) return filtered;
    const { why } = longer.items.find((item) => item.productId === id) ?? {};
    const lowering = why?.rules?.filter(({ type }) => type === 'diversify' || type === 'bury') ?? [];
    return lowering.map(({ type, rule }) => `${type} "${rule}"`).join(', ') || 'others stand before it';
  };
  const shown = new Set(after.items.map(({ productId: id }) => id));
  return {
    productId,
    placement,
    isLive: ofLive === placement,
    live: before.items.map(describe),
    draft: after.items.map(describe),
    relaxed: after.relaxed ?? [],
    notPinned: missingPins(after, directions, world, row).map((pin) => ({
      ...pin,
      title: titleOf(live, pin.productId),
    })),
    gone: before.items
      .filter(({ productId: id }) => !shown.has(id))
      .map(({ productId: id }) => ({ productId: id, title: titleOf(live, id), because: reasonOf(id) })),
  };
}

export function previewText(preview: Preview): string {
  const { productId, placement, isLive, live, draft, relaxed, notPinned, gone } = preview;
  const name = (item: Pick<PreviewedItem, 'productId' | 'title'> | undefined) =>
    item === undefined
      ? ''
      : `${item.productId}${item.title === undefined ? '' : ` ${oneLine(item.title, LONGEST_TITLE)}`}`;
  const rows = Array.from({ length: Math.max(live.length, draft.length) }, (_, i) => [
    `${i + 1}`,
    name(live[i]),
    name(draft[i]),
    draft[i]?.source ?? '',
    draft[i]?.touches.join(', ') ?? '',
  ]);
  const where = placement === undefined ? 'no placement named' : `placement ${placement}`;
  const against = isLive ? '' : ', which is not live: live shows answers that name none';
  return [
    `Similar to ${productId}, ${where}${against}`,
    '',
    ...alignColumns([['rank', 'live', 'draft', 'source', 'touched by'], ...rows], [0]),
    '',
    ...(relaxed.length > 0
      ? [`Too few products pass the filter: conditions on ${relaxed.join(', ')} were given up.`]
      : []),
    ...notPinned.map((pin) => `Not pinned: ${name(pin)} (pin "${pin.rule}"): ${pin.because}`),
    ...gone.map((item) => `Gone: ${name(item)}: ${item.because}`),
    ...(gone.length > 0 || relaxed.length > 0 || notPinned.length > 0 ? [''] : []),
  ].join('\n');
}

const LONGEST_TITLE = 28;

function titleOf({ catalogue }: LiveData, productId: string): string | undefined {
  const field = catalogue?.catalogue.fields.get('title');
  const row = catalogue?.catalogue.rowOf.get(productId);
  const [title] = field === undefined || row === undefined ? [] : valuesAt(field, row);
  return title === undefined ? undefined : String(title);
}
