import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { liveApi } from '../api/client.ts';
import { ApiProblem } from '../api/request.ts';
import { useResource } from '../api/resource.ts';
import { Page } from './page.tsx';
import { Failed, Loading } from './states.tsx';

type LoadPage = () => Promise<ComponentType>;

/** A page whose code is loaded when it is first opened. `lazy` keeps a failure for good; here it can be tried again. */
export function latePage(load: LoadPage): ComponentType {
  return lazy(() => load().catch(() => () => <LatePage load={load} />));
}

function LatePage({ load }: { load: LoadPage }) {
  const { data: Loaded, problem, reload } = useResource(() => load().catch(throwReason), []);
  if (Loaded !== undefined) return <Loaded />;
  if (problem === undefined) return <Loading minHeight={500} />;
  return (
    <Page title="This page could not be loaded">
      <Failed problem={problem} onRetry={reload} />
    </Page>
  );
}

/** @throws ApiProblem */
async function throwReason(): Promise<never> {
  await liveApi.health();
  throw new ApiProblem(
    undefined,
    'The server does not have this page any more',
    'Another version of the console has replaced it: reload this address in the browser.',
  );
}
