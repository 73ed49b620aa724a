import { useState } from 'preact/hooks';
import { apiOf, draftApi, liveApi, type Model, type Strategy } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { runTime } from '../../format.ts';
import { Page } from '../../parts/page.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { useQuery } from '../../parts/use-query.ts';
import { RunPicker } from '../../parts/use-run.tsx';
import { catalogue, operatorSession } from '../../state.ts';
import { FilterField } from './filter-field.tsx';
import { draftedIds, notInForce } from './not-in-force.ts';
import { ProductSearch } from './product-search.tsx';
import { RuleField } from './rule-field.tsx';
import { type AnsweredList, StrategyColumn, type StrategyColumnProps } from './strategy-column.tsx';
import { ViewedList } from './viewed-list.tsx';

const MOST_SHOWN = 4;
const FIRST_SHOWN: readonly Strategy[] = ['session-knn', 'embedding', 'popularity'];
const COUNTS = [5, 10, 20];

/** A session built by clicking, and what each strategy makes of it. The address holds all of it. */
export function Explore() {
  const model = useResource((signal) => liveApi.model(signal), []);
  return (
    <Page
      title="Explore"
      lead="Build a session by clicking, as a shopper would, and see what each strategy recommends next, and why."
    >
      <Await resource={model} minHeight={500}>
        {(data) => <Workbench model={data} />}
      </Await>
    </Page>
  );
}

function Workbench({ model }: { model: Model }) {
  const { defaultStrategy, strategies } = model;
  const { query, change } = useQuery();
  const [present, setPresent] = useState<AnsweredList>();
  const viewed = query.getAll('viewed');
  const filter = query.get('filter');
  const rule = query.get('rule');
  // Asked for by itself, so that what is wrong with it is said once, and lists are asked for by a rule that can be read.
  const readable = useResource(
    rule === null
      ? undefined
      : async (signal) => {
          const notes = notInForce(await draftApi(rule).rules(signal), draftedIds(rule));
          return { rule, notes };
        },
    [rule],
  );
  const tried = readable.problem === undefined && readable.data?.rule === rule ? rule : null;
  // What is applied already may not have been answered: it is asked for again.
  const applyRule = (text: string) => (text === rule ? readable.reload() : change({ rule: text || null }));
  const beside = query.get('beside');
  const count = COUNTS.find((n) => String(n) === query.get('count')) ?? COUNTS[0];
  const asked = query.getAll('strategy').filter((name): name is Strategy => strategies.includes(name as Strategy));
  // What is compared with them takes a column as well.
  const room = MOST_SHOWN - (filter === null && rule === null ? 0 : 1) - (beside === null ? 0 : 1);
  const shown = asked.length > 0 ? asked : [...new Set([defaultStrategy, ...FIRST_SHOWN])].slice(0, room);
  const view = (productId: string) => change((now) => ({ viewed: [...now.getAll('viewed'), productId] }));
  const toggle = (name: Strategy) => {
    const next = shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name];
    change({ strategy: next.length === 0 ? null : next }, { replace: true });
  };
  return (
    <>
      <div class="query panel">
        <ProductSearch onPick={view} />
        <ViewedList viewed={viewed} onChange={(next) => change({ viewed: next })} />
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
        <div class="row wrap">
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
          <RunPicker
            label="Beside the live run"
            none="no other run"
            value={beside}
            onChoose={(runId) => change({ beside: runId })}
          />
          {catalogue.value && (
            <FilterField filter={filter ?? ''} onApply={(text) => change({ filter: text || null })} />
          )}
        </div>
        {operatorSession.value && (
          <RuleField
            rule={rule ?? ''}
            problem={readable.problem}
            notes={tried === null ? [] : readable.data!.notes}
            listed={present?.productIds ?? []}
            onApply={applyRule}
          />
        )}
        {operatorSession.value === null && rule !== null && (
          <p class="note">
            The rule of this address is not applied: a hosted console tries none. npm run console does.
          </p>
        )}
        {catalogue.value === null && (
          <p class="note">No catalogue is loaded, so products have ids alone, and there is nothing to filter by.</p>
        )}
      </div>
      {viewed.length === 0 ? (
        <Empty title="No product is viewed yet.">
          <p>Search for one above, or let chance choose.</p>
        </Empty>
      ) : (
        <div class="strategies">
          {columnsOf({ shown, defaultStrategy, filter, rule: tried, beside }).map(({ id, ...column }, i) => (
            <StrategyColumn
              key={id}
              {...column}
              viewed={viewed}
              count={count}
              present={present}
              onView={view}
              onList={i === 0 ? setPresent : undefined}
            />
          ))}
        </div>
      )}
    </>
  );
}

type Column = Pick<StrategyColumnProps, 'strategy' | 'title' | 'mark' | 'changes' | 'api' | 'filter'> & { id: string };

interface Comparison {
  shown: readonly Strategy[];
  defaultStrategy: Strategy;
  filter: string | null;
  rule: string | null;
  beside: string | null;
}

/** The strategies that are chosen; before them the present state, where something else is compared with it. */
function columnsOf({ shown, defaultStrategy, filter, rule, beside }: Comparison): Column[] {
  const changes = [...(filter === null ? [] : ['filter']), ...(rule === null ? [] : ['rule'])].join(' and the ');
  const isChanged = changes !== '';
  const columns = shown.map((strategy): Column => {
    const own = strategy === defaultStrategy ? 'default' : undefined;
    return {
      id: `${strategy} ${rule ?? ''}`,
      strategy,
      title: strategy,
      mark: isChanged ? `with the ${changes}` : own,
      ...(isChanged && { changes }),
      api: rule === null ? liveApi : draftApi(rule),
      filter,
    };
  });
  const first = shown[0] ?? defaultStrategy;
  const present = { id: 'present', strategy: first, title: first, mark: 'as it is', api: liveApi, filter: null };
  const other = beside !== null && {
    id: `run ${beside}`,
    strategy: first,
    title: `${first} · ${runTime(beside)}`,
    mark: 'other run',
    api: apiOf(`/console/runs/${encodeURIComponent(beside)}`),
    filter,
  };
  return [...(isChanged ? [present] : []), ...columns.slice(0, 1), ...(other ? [other] : []), ...columns.slice(1)];
}
