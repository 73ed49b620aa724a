import { useEffect, useRef } from 'preact/hooks';
import type { apiOf, Recommendations, Strategy } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { Badge } from '../../parts/badge.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { shownFields } from '../../state.ts';
import { RecommendedCard } from './recommended-card.tsx';

export interface StrategyColumnProps {
  strategy: Strategy;
  title: string;
  /** Said beside the title. */
  mark: string | undefined;
  /** What is tried here: `filter`, `rule`, or both. */
  changes?: string | undefined;
  api: ReturnType<typeof apiOf>;
  filter: string | null;
  viewed: readonly string[];
  count: number;
  /** The first column's list, which nothing is tried on while something is on others. */
  present: AnsweredList | undefined;
  onView(productId: string): void;
  /** Hears of each list. */
  onList: ((list: AnsweredList) => void) | undefined;
}

export interface AnsweredList {
  /** What it was asked for, but for what is tried. */
  asked: string;
  filter: string | null;
  productIds: readonly string[];
}

/** What one strategy recommends for the session. */
export function StrategyColumn({
  strategy,
  title,
  mark,
  changes,
  api,
  filter,
  viewed,
  count,
  present,
  onView,
  onList,
}: StrategyColumnProps) {
  const session = viewed.join('\n');
  const asked = JSON.stringify([strategy, count, ...viewed]);
  const fields = shownFields.value;
  const ranksBefore = useRanksBefore();
  const answer = useResource(
    async (signal) => {
      const body = {
        viewed: [...viewed],
        count,
        strategy,
        explain: true,
        ...(filter !== null && { filter }),
        ...(fields.length > 0 && { fields }),
      };
      const data = await api.sessionRecommendations(body, signal);
      // Rules may put a pinned product, whose score is 0, or one with a lower score first.
      const best = Math.max(...data.items.map(({ score }) => score));
      return {
        data,
        best,
        before: ranksBefore(session, data),
        list: { asked, filter, productIds: data.items.map(idOf) },
      };
    },
    [strategy, session, count, filter, fields.join()],
  );
  const list = answer.data?.list;
  useEffect(() => {
    if (list !== undefined) onList?.(list);
  }, [list, onList]);
  return (
    <section
      class="strategy"
      aria-label={mark === undefined ? title : `${title}, ${mark}`}
      aria-busy={answer.isLoading}
    >
      <h2>
        {title} {mark !== undefined && <Badge tone={mark === 'default' ? 'accent' : 'warn'}>{mark}</Badge>}
      </h2>
      <Await resource={answer} minHeight={count * 92}>
        {({ data, before, best }) => (
          <>
            {data.relaxed !== undefined && data.relaxed.length > 0 && (
              <p class="note">Too few products passed: given up were {data.relaxed.join(', ')}.</p>
            )}
            {changes !== undefined && list?.filter === filter && isSame(list, present) && (
              <p class="note">The {changes} changes nothing here: the list is as it is without.</p>
            )}
            {data.items.length === 0 ? (
              <Empty title="It recommends nothing here." />
            ) : (
              <ol class="cards">
                {data.items.map((item) => (
                  <RecommendedCard
                    key={item.productId}
                    item={item}
                    best={best}
                    move={moveOf(item.rank, item.productId, before)}
                    onView={onView}
                  />
                ))}
              </ol>
            )}
          </>
        )}
      </Await>
    </section>
  );
}

function isSame(a: AnsweredList, b: AnsweredList | undefined): boolean {
  return a.asked === b?.asked && a.productIds.join('\n') === b.productIds.join('\n');
}

const idOf = ({ productId }: { productId: string }) => productId;

export type Move = { kind: 'new' } | { kind: 'moved'; by: number } | undefined;

function moveOf(rank: number, productId: string, before: ReadonlyMap<string, number> | undefined): Move {
  if (before === undefined) return undefined;
  const rankBefore = before.get(productId);
  if (rankBefore === undefined) return { kind: 'new' };
  return rankBefore === rank ? undefined : { kind: 'moved', by: rankBefore - rank };
}

/** Remembers the last answer, so that the next one can say what changed. */
function useRanksBefore() {
  const last = useRef<{ session: string; ranks: ReadonlyMap<string, number> } | undefined>(undefined);
  return (session: string, { items }: Recommendations): ReadonlyMap<string, number> | undefined => {
    const before = last.current?.session === session ? undefined : last.current?.ranks;
    last.current = { session, ranks: new Map(items.map(({ productId, rank }) => [productId, rank])) };
    return before;
  };
}
