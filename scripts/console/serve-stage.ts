import { api } from '../../lambdas/recommend/api.ts';
import { openArtifactStore } from '../../lambdas/shared/store/open-artifact-store.ts';
import type { Deployment } from '../lib/deployment.ts';
import { type ApiServer, serveApi } from '../lib/serve-api.ts';
import { servicesOver } from '../lib/serve-workspace.ts';
import { consolePages } from './answer-console.ts';
import { forwardToApi } from './forward-to-api.ts';
import { consoleMounts } from './mounts.ts';
import { operatorPages } from './operator-pages.ts';

/**
 * The console over a deployment. What is live is asked of the deployed API, signed; what the API does not do (to promote, to
 * download an artifact, to answer over another run) is done here with the operator's own rights on the bucket.
 */
export async function serveStage(
  stage: string,
  { apiUrl, bucket }: Pick<Deployment, 'apiUrl' | 'bucket'>,
  port: number,
  stderr: { write(text: string): unknown } = process.stderr,
): Promise<ApiServer> {
  const store = await openArtifactStore(`s3://${bucket}`);
  const services = servicesOver(store, stderr);
  const pages = consolePages(services.onFault);
  await pages.ready();
  const answerOperator = operatorPages({ name: `stage ${stage}`, store }, Date.now);
  const forward = forwardToApi(apiUrl);
  return serveApi(api, services, port, {
    answerPage: (...asked) => forward(...asked) || answerOperator(...asked) || pages.answer(...asked),
    mountedAt: consoleMounts(services),
  });
}
