import { NotFoundError } from '../../engine/errors.ts';
import type { ApiServices } from '../../lambdas/recommend/api-services.ts';
import type { LiveModel } from '../../lambdas/recommend/model-cache.ts';
import { readRunIndex } from '../../lambdas/shared/runs/run-index.ts';

/** Indexes of other runs that are kept: a comparison needs one, and going back and forth two. */
const MOST_KEPT = 2;
const MOUNTED = /^\/console\/(runs|bare)\/([^/]+)(\/v1\/.*)$/s;
/** Nothing but the model: no rules, and no stock and no variants of a catalogue. */
const BARE: Pick<ApiServices, 'catalogues' | 'rules'> = {
  catalogues: { current: async () => undefined },
  rules: { current: async () => undefined },
};

/**
 * The whole API over any finished run, at `/console/runs/<run>/v1/…`: the same routes answer from that run's index. So a
 * run can be looked at before it is promoted, and no Lambda ever has to hold two models. `/console/bare/<run or live>/v1/…`
 * is the same without what changes a run's answers: its figures are the model's own.
 */
export function runsMountedAt(services: ApiServices) {
  const models = new Map<string, ApiServices['models']>();
  return (path: string): { path: string; services: ApiServices } | undefined => {
    const [, mount, runId, ownPath] = MOUNTED.exec(path) ?? [];
    if (runId === undefined) return undefined;
    const over = mount === 'bare' ? { ...services, ...BARE } : services;
    if (mount === 'bare' && runId === 'live') return { path: ownPath, services: over };
    const model = models.get(runId) ?? modelOf(runId, services);
    // The one that was used last stands last.
    models.delete(runId);
    models.set(runId, model);
    if (models.size > MOST_KEPT) models.delete(models.keys().next().value!);
    return { path: ownPath, services: { ...over, models: model } };
  };
}

function modelOf(runId: string, { store }: ApiServices): ApiServices['models'] {
  let loading: Promise<LiveModel> | undefined;
  return {
    current() {
      loading ??= readRunIndex(store, runId).then((index) => {
        if (index !== undefined) return { version: runId, publishedAt: null, index, failure: undefined };
        throw new NotFoundError(`Run ${JSON.stringify(runId)} does not exist or did not finish: it has no model.`);
      });
      loading.catch(() => {
        loading = undefined;
      });
      return loading;
    },
  };
}
