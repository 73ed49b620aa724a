import { ProductWorld } from '../../engine/rules/product-world.ts';
import { RulesEngine } from '../../engine/rules/rules-engine.ts';
import type { RulesFile } from '../../engine/rules/rules-file.ts';
import type { LiveData } from '../../lambdas/recommend/live-data.ts';
import { numbersOf, rowsOf } from '../../lambdas/recommend/product-lookup.ts';
import { recommend } from '../../lambdas/recommend/recommend.ts';

/** The same data under other rules. */
export function underRules(data: LiveData, file: RulesFile, version: string): LiveData {
  return {
    ...data,
    rules: { version, engine: new RulesEngine(file, new ProductWorld(data.model.index, data.catalogue)) },
  };
}

export interface Asked {
  /** Undefined: none is named. */
  placement: string | undefined;
  /** @default the placement's, or 5 */
  count?: number | undefined;
  explain: boolean;
  nowMs: number;
}

/** Answers as the API does. @param viewed product ids, oldest first. */
export function answerAsServed(data: LiveData, viewed: readonly string[], { placement, count, explain, nowMs }: Asked) {
  return recommend(
    data,
    {
      viewed: numbersOf(data.model.index, viewed),
      viewedRows: rowsOf(data, viewed),
      excluded: new Set(),
      excludeViewed: true,
      includeUnavailable: false,
      relax: [],
      explore: 0,
      fields: [],
      askedIn: 'body',
      // For `cluster-sample`: both sides draw alike.
      seed: 1,
      placement,
      count,
      explain,
    },
    { nowMs: () => nowMs, newId: () => 'preview', newSeed: () => 1, onRecommended() {} },
  );
}

/** A placement that the rules do not have is answered as if none was named. */
export function placementIn({ rules }: LiveData, placement: string | undefined): string | undefined {
  return placement !== undefined && rules?.engine.placement(placement) === undefined ? undefined : placement;
}
