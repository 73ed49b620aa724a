import { liveApi, type Model } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { formatAge, formatCount, formatTime, runTime } from '../../format.ts';
import { manifestOf, reportOf } from '../../parts/documents.ts';
import { Page } from '../../parts/page.tsx';
import { Await, Empty, Failed } from '../../parts/states.tsx';
import { DataPanel } from './data-panel.tsx';
import { MetricsPanel } from './metrics-panel.tsx';
import { Readiness } from './readiness.tsx';
import { RecentRuns } from './recent-runs.tsx';
import { Verdict } from './verdict.tsx';

/** What is live, how good it is, and what is missing. */
export function Overview() {
  const model = useResource((signal) => liveApi.model(signal), []);
  const health = useResource((signal) => liveApi.health(signal), []);
  const isUntrained = model.problem?.status === 503;
  return (
    <Page title="Overview" lead="What shoppers are served now, how good it is, and what is missing.">
      {isUntrained ? (
        <Empty title="No model is live yet.">
          <p>
            Train one with your clicks: <code>npm run train -- --data clicks.csv</code>. Once it is published, look
            again.
          </p>
          <button type="button" onClick={model.reload}>
            Look again
          </button>
        </Empty>
      ) : (
        <Await resource={model} minHeight={900}>
          {(data) => (
            <>
              {health.data?.status === 'degraded' && (
                <Failed
                  problem={Object.assign(new Error('The published run cannot be read, so an older one answers.'), {
                    title: 'The service is degraded',
                    status: undefined,
                  })}
                />
              )}
              <Live model={data} />
              <Verdict report={reportOf(data.report)} status="live" />
              <MetricsPanel report={reportOf(data.report)} />
              <div class="columns">
                <DataPanel manifest={manifestOf(data.manifest)} report={reportOf(data.report)} />
                <Readiness model={data} />
              </div>
            </>
          )}
        </Await>
      )}
      <RecentRuns />
    </Page>
  );
}

function Live({ model }: { model: Model }) {
  const { modelVersion, publishedAt, modelAgeSeconds } = model;
  return (
    <dl class="tiles">
      <Tile name="Live run" value={runTime(modelVersion)} note={modelVersion} />
      <Tile
        name="Age"
        value={modelAgeSeconds === null ? 'unknown' : formatAge(modelAgeSeconds)}
        note={publishedAt === null ? 'the previous run stands in' : `since ${formatTime(publishedAt)}`}
      />
      <Tile
        name="Products"
        value={formatCount(model.productCount)}
        note={`${formatCount(model.embeddedCount)} with a vector`}
      />
      <Tile name="Clusters" value={formatCount(model.clusterCount)} note={`${model.dimensions} dimensions`} />
      <Tile name="Default strategy" value={model.defaultStrategy} note="answers when none is asked for" />
    </dl>
  );
}

function Tile({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span>{note}</span>
      </dd>
    </div>
  );
}
