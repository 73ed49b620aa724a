import type { FittedSessionKnn } from '../../engine/evaluation/fit-session-knn.ts';
import { DEFAULT_SESSION_KNN, type SessionKnnSettings } from '../../engine/serving-index/session-knn-settings.ts';

/** What of session-kNN was fitted to the shop; nothing where the defaults are as good. */
export function sessionKnnNotesOf(fitted: FittedSessionKnn | undefined): string[] {
  if (fitted === undefined) return [];
  const names = Object.keys(DEFAULT_SESSION_KNN) as (keyof SessionKnnSettings)[];
  const changed = names.filter((name) => fitted.settings[name] !== DEFAULT_SESSION_KNN[name]);
  if (changed.length === 0) return [];
  const settings = changed.map((name) => `${name} ${fitted.settings[name]} in place of ${DEFAULT_SESSION_KNN[name]}`);
  return [
    `session-knn was fitted to the shop: ${settings.join(', ')}; its NDCG@20 on the sessions that it was fitted on went from ${fitted.before.toFixed(3)} to ${fitted.after.toFixed(3)}.`,
  ];
}
