import { useRoute } from 'preact-iso';
import type { ClusterList } from '../../api/client.ts';
import { hosting } from '../../api/hosting.ts';
import { useResource } from '../../api/resource.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { formatAmount, formatCount, formatFigure } from '../../format.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { Picture } from '../../parts/picture.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { explorePath, pathOfRun, RunPicker, useRunApi } from '../../parts/use-run.tsx';
import { readTriedK, type TriedK } from './tried-k.ts';

/** The product clusters: how large, how close together, and what is typical of each. */
export function Clusters() {
  const { api, runId, choose } = useRunApi();
  const clusters = useResource((signal) => api.clusters(signal), [runId]);
  return (
    <Page
      title="Clusters"
      lead="Products whose vectors lie together, as K-Means found them."
      actions={<RunPicker value={runId} onChoose={choose} />}
    >
      <Await resource={clusters} minHeight={700}>
        {({ items, modelVersion }) => (
          <>
            <Panel title="Sizes">
              <BarChart
                title="Products per cluster"
                x="cluster"
                y="products"
                bars={items.map(({ clusterNo, size }) => ({ name: String(clusterNo), value: size }))}
              />
            </Panel>
            <SelectionCurve runId={modelVersion} />
            <ClusterTable items={items} runId={runId} />
          </>
        )}
      </Await>
    </Page>
  );
}

function ClusterTable({ items, runId }: { items: ClusterList['items']; runId: string | null }) {
  return (
    <Panel
      title="All clusters"
      note="Cohesion is the mean cosine of the products' vectors to the cluster's centre: 1 when all point one way."
    >
      <ScrollRegion label="All clusters">
        <table>
          <thead>
            <tr>
              <th scope="col">Cluster</th>
              <th scope="col" class="number">
                Products
              </th>
              <th scope="col" class="number">
                Cohesion
              </th>
              <th scope="col">Most typical</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ clusterNo, size, cohesion, typical }) => (
              <tr key={clusterNo}>
                <th scope="row">
                  <a href={pathOfRun(`/clusters/${clusterNo}`, runId)}>Cluster {clusterNo}</a>
                </th>
                <td class="number">{formatCount(size)}</td>
                <td class="number">{formatFigure(cohesion)}</td>
                <td class="id">{typical.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
}

/** Only of a run that chose k itself, and where the console's server may read its artifacts. */
function SelectionCurve({ runId }: { runId: string }) {
  const tried = useResource(hosting === undefined ? (signal) => readTriedK(runId, signal) : undefined, [runId]);
  return (
    <Await resource={tried} minHeight={40}>
      {(data) => <TriedNumbers {...data} />}
    </Await>
  );
}

function TriedNumbers({ k, tried, sampleSize }: TriedK) {
  if (tried.length === 0) {
    return (
      <p class="note">The number of clusters was given, not chosen: there is no selection curve (setting k=auto).</p>
    );
  }
  const on = sampleSize === undefined ? '' : ` They were tried on a sample of ${formatAmount(sampleSize, 'product')}.`;
  const measured = tried.filter(({ silhouette }) => silhouette !== null);
  return (
    <Panel
      title="How many clusters"
      note={`The number with the highest mean silhouette was chosen; it is marked.${on}`}
    >
      <LineChart
        title="Mean silhouette by number of clusters"
        kind="log"
        x="clusters"
        y="mean silhouette"
        points={measured.map(({ k, silhouette }) => ({ x: k, y: silhouette! }))}
        formatX={(n) => String(Math.round(n))}
        formatY={(n) => n.toFixed(2)}
        marked={k}
        hasDots
      />
    </Panel>
  );
}

/** One cluster's members. */
export function ClusterPage() {
  const { params } = useRoute();
  const { api, runId, choose } = useRunApi();
  const clusterNo = Number(params['clusterNo']);
  const cluster = useResource((signal) => api.cluster(clusterNo, {}, signal), [runId, clusterNo]);
  return (
    <Page title={`Cluster ${params['clusterNo']}`} actions={<RunPicker value={runId} onChoose={choose} />}>
      <p>
        <a href={pathOfRun('/clusters', runId)}>All clusters</a>
      </p>
      <Await resource={cluster} minHeight={500}>
        {({ size, cohesion, typical, members, nextCursor }) => (
          <>
            <dl class="tiles">
              <Tile name="Products" value={formatCount(size)} />
              <Tile name="Cohesion" value={formatFigure(cohesion)} />
            </dl>
            <Panel title="Most typical" note="Nearest to the centre first.">
              <Members ids={typical} runId={runId} />
            </Panel>
            <Panel
              title="Members"
              note={`Most viewed first${nextCursor === null ? '' : `; the first ${members.length} of ${formatCount(size)}`}.`}
            >
              {members.length === 0 ? <Empty title="It has no members." /> : <Members ids={members} runId={runId} />}
            </Panel>
          </>
        )}
      </Await>
    </Page>
  );
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
      </dd>
    </div>
  );
}

function Members({ ids, runId }: { ids: readonly string[]; runId: string | null }) {
  return (
    <ul class="members">
      {ids.map((id) => (
        <li key={id}>
          <a href={explorePath(id, runId)}>
            <Picture productId={id} /> <span class="id">{id}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
