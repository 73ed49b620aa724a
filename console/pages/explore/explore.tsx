import { liveApi, type Strategy } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { Page } from '../../parts/page.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { useQuery } from '../../parts/use-query.ts';
import { ProductSearch } from './product-search.tsx';
import { StrategyColumn } from './strategy-column.tsx';
import { ViewedList } from './viewed-list.tsx';

const MOST_SHOWN = 4;
const FIRST_SHOWN: readonly Strategy[] = ['session-knn', 'embedding', 'popularity'];
const COUNTS = [5, 10, 20];

/** A session built by clicking, and what each strategy makes of it. The address holds all of it. */
export function Explore() {
  const { query, change } = useQuery();
  const model = useResource((signal) => liveApi.model(signal), []);
  const viewed = query.getAll('viewed');
  const count = COUNTS.find((n) => String(n) === query.get('count')) ?? COUNTS[0];
  const view = (productId: string) => change({ viewed: [...viewed, productId] });

  return (
    <Page
      title="Explore"
      lead="Build a session by clicking, as a shopper would, and see what each strategy recommends next, and why."
    >
      <Await resource={model} minHeight={500}>
        {({ defaultStrategy, strategies, productCount }) => {
          const asked = query
            .getAll('strategy')
            .filter((name): name is Strategy => strategies.includes(name as Strategy));
          const shown = asked.length > 0 ? asked : [...new Set([defaultStrategy, ...FIRST_SHOWN])].slice(0, MOST_SHOWN);
          const toggle = (name: Strategy) => {
            const next = shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name];
            change({ strategy: next.length === 0 ? null : next }, { replace: true });
          };
          return (
            <>
              <div class="query panel">
                <ProductSearch productCount={productCount} onPick={view} />
                <ViewedList viewed={viewed} onChange={(next) => change({ viewed: next })} />
                <div class="row wrap">
                  <fieldset class="chips">
                    <legend>Strategies</legend>
                    {strategies.map((name) => (
                      <label key={name}>
                        <input type="checkbox" checked={shown.includes(name)} onChange={() => toggle(name)} />
                        <span>
                          {name}
                          {name === defaultStrategy && <small> default</small>}
                        </span>
                      </label>
                    ))}
                  </fieldset>
                  <label class="field">
                    <span>Items</span>
                    <select
                      value={String(count)}
                      onChange={(event) => change({ count: event.currentTarget.value }, { replace: true })}
                    >
                      {COUNTS.map((n) => (
                        <option key={n}>{n}</option>
                      ))}
                    </select>
                  </label>
                </div>
              </div>
              {viewed.length === 0 ? (
                <Empty title="No product is viewed yet.">
                  <p>Search for one above, or let chance choose.</p>
                </Empty>
              ) : (
                <div class="strategies">
                  {shown.map((strategy) => (
                    <StrategyColumn
                      key={strategy}
                      strategy={strategy}
                      viewed={viewed}
                      count={count}
                      isDefault={strategy === defaultStrategy}
                      onView={view}
                    />
                  ))}
                </div>
              )}
            </>
          );
        }}
      </Await>
    </Page>
  );
}
