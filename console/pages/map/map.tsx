import { useMemo, useState } from 'preact/hooks';
import type { RecommendedProduct } from '../../api/client.ts';
import { type Resource, useResource } from '../../api/resource.ts';
import { formatAmount, formatFigure, formatShare } from '../../format.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty, Failed } from '../../parts/states.tsx';
import { useQuery } from '../../parts/use-query.ts';
import { explorePath, pathOfRun, RunPicker, useRunApi } from '../../parts/use-run.tsx';
import { shownFields } from '../../state.ts';
import { ProductSearch } from '../explore/product-search.tsx';
import { type CatalogueColours, loadCatalogueColours } from './catalogue-colours.ts';
import { loadMap, type ProductMap } from './load-map.ts';
import { MapCanvas } from './map-canvas.tsx';
import { categoryColour, coloursOf, rampColour } from './point-colours.ts';

const NEIGHBOURS = 10;
const COLOURINGS = ['cluster', 'popularity', 'category', 'price'] as const;
type Colouring = (typeof COLOURINGS)[number];
/** The field of the catalogue that a colouring needs. */
const FIELD_OF: Partial<Record<Colouring, string>> = { category: 'product_type', price: 'price' };
const MOST_LISTED = 100;

/** All products in two dimensions, and the true neighbours of one. */
export function ProductMapPage() {
  const { query, change } = useQuery();
  const { api, bareApi, runId, choose } = useRunApi();
  const [loaded, setLoaded] = useState(0);
  const [isLasso, setLasso] = useState(false);
  /** By their ids: the same product has another number on the map of another run. */
  const [caught, setCaught] = useState<readonly string[]>([]);
  const map = useResource((signal) => loadMap(api, signal, setLoaded), [runId]);
  const productId = query.get('product');
  const isPossible = (name: Colouring) => {
    const field = FIELD_OF[name];
    return field === undefined || shownFields.value.includes(field);
  };
  const colouring = COLOURINGS.find((name) => name === query.get('colour') && isPossible(name)) ?? 'cluster';
  const catalogueColours = useResource(
    colouring === 'category' || colouring === 'price'
      ? async (signal) => ({ of: colouring, colours: await loadCatalogueColours(colouring, api, signal) })
      : undefined,
    [runId, colouring],
  );
  const neighbours = useResource(
    productId === null
      ? undefined
      : async (signal) => {
          const { items } = await (bareApi ?? api).productRecommendations(
            productId,
            { count: NEIGHBOURS, strategy: 'embedding', strict: true },
            signal,
          );
          return { of: productId, items: items.filter(({ source }) => source === 'model') };
        },
    [runId, productId],
  );
  return (
    <Page
      title="Map"
      lead="Products that the same shoppers view stand near each other."
      actions={<RunPicker value={runId} onChoose={choose} />}
    >
      <Panel
        title="All products"
        note={map.data && noteOf(map.data)}
        actions={
          <div class="row wrap">
            <fieldset class="choices">
              <legend class="visually-hidden">Colour by</legend>
              {COLOURINGS.map((name) => (
                <label key={name} title={isPossible(name) ? undefined : 'needs a catalogue with it'}>
                  <input
                    type="radio"
                    name="colour"
                    checked={name === colouring}
                    disabled={!isPossible(name)}
                    onChange={() => change({ colour: name }, { replace: true })}
                  />
                  <span>{name}</span>
                </label>
              ))}
            </fieldset>
            <button type="button" aria-pressed={isLasso} onClick={() => setLasso(!isLasso)}>
              Lasso
            </button>
          </div>
        }
      >
        <Await resource={map} minHeight={560} progress={loaded}>
          {(data) => (
            <DrawnMap
              data={data}
              colouring={colouring}
              catalogueColours={catalogueColours.data?.of === colouring ? catalogueColours.data.colours : undefined}
              runId={runId}
              selectedId={productId}
              neighbours={neighbours.data?.of === productId ? neighbours.data.items : []}
              isLasso={isLasso}
              onSelect={(id) => change({ product: id })}
              onLasso={setCaught}
            />
          )}
        </Await>
        {catalogueColours.problem !== undefined && (
          <Failed problem={catalogueColours.problem} onRetry={catalogueColours.reload} />
        )}
      </Panel>
      <div class="columns">
        <Panel
          title="Neighbours"
          note={
            bareApi === undefined
              ? 'As served: by the cosine of the vectors in all their dimensions, changed by rules, stock and variants.'
              : 'By the cosine of the vectors themselves, in all their dimensions; the map shows only two.'
          }
        >
          <ProductSearch onPick={(id) => change({ product: id })} />
          <NeighbourTable
            productId={productId}
            runId={runId}
            neighbours={neighbours}
            score={bareApi === undefined ? 'Score' : 'Cosine'}
            onPick={(id) => change({ product: id })}
          />
        </Panel>
        <Panel title="Lassoed" note="Press Lasso, then draw around some products.">
          {caught.length > 0 ? (
            <CaughtList caught={caught} onPick={(id) => change({ product: id })} />
          ) : (
            <Empty title="Nothing is lassoed." />
          )}
        </Panel>
      </div>
    </Page>
  );
}

function noteOf({ x, explainedVariance }: ProductMap): string {
  const [first = 0, second = 0] = explainedVariance;
  return `${formatAmount(x.length, 'product that has', 'products that have')} a vector, on the two principal components: they keep ${formatShare(first)} and ${formatShare(second)} of the variance, so what is near here need not be near there. Larger points are viewed more.`;
}

function DrawnMap({
  data,
  colouring,
  catalogueColours,
  runId,
  selectedId,
  neighbours,
  isLasso,
  onSelect,
  onLasso,
}: {
  data: ProductMap;
  colouring: Colouring;
  catalogueColours: CatalogueColours | undefined;
  runId: string | null;
  selectedId: string | null;
  neighbours: readonly RecommendedProduct[];
  isLasso: boolean;
  onSelect(productId: string): void;
  onLasso(productIds: string[]): void;
}) {
  const points = useMemo(() => paint(data, colouring, catalogueColours), [data, colouring, catalogueColours]);
  const numberOf = (id: string | null) => (id === null ? undefined : data.numberOf.get(id));
  return (
    <>
      <MapCanvas
        points={points}
        selected={numberOf(selectedId)}
        neighbours={neighbours.flatMap(({ productId }) => numberOf(productId) ?? [])}
        isLasso={isLasso}
        nameOf={(i) => `${data.productIds[i]} · cluster ${data.clusterNos[i]} · ${formatAmount(data.views[i], 'view')}`}
        onSelect={(i) => onSelect(data.productIds[i])}
        onLasso={(caught) => onLasso(caught.map((i) => data.productIds[i]))}
      />
      {catalogueColours === undefined ? (
        <Legend data={data} colouring={colouring} runId={runId} />
      ) : (
        <ColourLegend entries={catalogueColours.legend} />
      )}
    </>
  );
}

/** A product's size falls with its rank; many products are drawn smaller and lighter, so that dense parts stay readable. */
function paint(
  { x, y, clusterNos, views, productIds }: ProductMap,
  colouring: Colouring,
  catalogueColours: CatalogueColours | undefined,
) {
  const n = x.length;
  const [least, most] = n < 2_000 ? [7, 17] : n < 20_000 ? [4, 10] : [2, 6];
  const top = Math.log1p(views[0] ?? 0);
  const popularity = (i: number) => (top === 0 ? 0 : Math.log1p(views[i]) / top);
  const sizes = Float32Array.from(x, (_, i) => least + (most - least) * popularity(i) ** 2);
  const colourAt = (i: number) => {
    if (catalogueColours !== undefined) return catalogueColours.colourOf(productIds[i]);
    return colouring === 'popularity' ? rampColour(popularity(i)) : categoryColour(clusterNos[i]);
  };
  return { x, y, sizes, colours: coloursOf(n, colourAt, n < 20_000 ? 215 : 150) };
}

function ColourLegend({ entries }: { entries: CatalogueColours['legend'] }) {
  return (
    <ul class="legend">
      {entries.map(({ name, colour }) => (
        <li key={name}>
          <svg width="10" height="10" aria-hidden="true">
            <circle cx="5" cy="5" r="5" fill={colour} />
          </svg>{' '}
          {name}
        </li>
      ))}
    </ul>
  );
}

const MOST_IN_LEGEND = 24;

function Legend({ data, colouring, runId }: { data: ProductMap; colouring: Colouring; runId: string | null }) {
  if (colouring === 'popularity') {
    return (
      <p class="legend">
        least viewed{' '}
        <svg class="ramp" width="120" height="10" aria-hidden="true">
          {Array.from({ length: 24 }, (_, i) => (
            <rect key={i} x={i * 5} width="5" height="10" fill={rampColour(i / 23)} />
          ))}
        </svg>{' '}
        most viewed
      </p>
    );
  }
  const clusters = [...new Set(data.clusterNos)].sort((a, b) => a - b);
  return (
    <ul class="legend">
      {clusters.slice(0, MOST_IN_LEGEND).map((cluster) => (
        <li key={cluster}>
          <svg width="10" height="10" aria-hidden="true">
            <circle cx="5" cy="5" r="5" fill={categoryColour(cluster)} />
          </svg>{' '}
          <a href={pathOfRun(`/clusters/${cluster}`, runId)}>cluster {cluster}</a>
        </li>
      ))}
      {clusters.length > MOST_IN_LEGEND && <li>and {clusters.length - MOST_IN_LEGEND} more; colours repeat</li>}
    </ul>
  );
}

function NeighbourTable({
  productId,
  runId,
  neighbours,
  score,
  onPick,
}: {
  productId: string | null;
  runId: string | null;
  /** Those of the product before, until those of this one are read. */
  neighbours: Resource<{ of: string; items: RecommendedProduct[] }>;
  /** What the figures are. */
  score: 'Cosine' | 'Score';
  onPick(productId: string): void;
}) {
  if (productId === null) return <Empty title="No product is selected." />;
  return (
    <Await resource={neighbours} minHeight={300}>
      {({ of, items }) => (
        <>
          <p class="note">
            Of <bdi class="id">{of}</bdi> · <a href={explorePath(of, runId)}>explore it</a>
          </p>
          <table>
            <thead>
              <tr>
                <th scope="col">Product</th>
                <th scope="col" class="number">
                  {score}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.productId}>
                  <th scope="row">
                    <button type="button" class="link id" onClick={() => onPick(item.productId)}>
                      {item.productId}
                    </button>
                  </th>
                  <td class="number">{formatFigure(item.score)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Await>
  );
}

function CaughtList({ caught, onPick }: { caught: readonly string[]; onPick(productId: string): void }) {
  return (
    <>
      <p>
        <strong>{formatAmount(caught.length, 'product')}</strong>
        {caught.length > MOST_LISTED && `, the ${MOST_LISTED} most viewed of them`}:
      </p>
      <ScrollRegion label="Lassoed products">
        <ul class="chips">
          {caught.slice(0, MOST_LISTED).map((id) => (
            <li key={id}>
              <button type="button" class="link id" onClick={() => onPick(id)}>
                {id}
              </button>
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </>
  );
}
