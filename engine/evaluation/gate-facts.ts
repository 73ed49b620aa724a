import type { Manifest } from '../artifacts/manifest.ts';
import type { LeftOut } from '../artifacts/quarantine.ts';
import type { Drift } from './drift.ts';
import type { RunEvaluation } from './run-evaluation.ts';
import type { Verdict } from './run-report.ts';

/** All that the gate looks at. */
export interface GateFacts {
  /** Go live whatever the checks say. */
  force: boolean;
  candidate: RunFacts;
  evaluation: RunEvaluation;
  /** Files of the input that could not be read; undefined when all could. */
  leftOut?: LeftOut;
  /** Undefined for the first run. */
  live: LiveFacts | undefined;
}

export interface LiveFacts {
  runId: string;
  /** Undefined when it cannot be read: then the checks that need it are left out. */
  manifest: RunFacts | undefined;
  /** Of the live run; undefined when its report cannot be read. */
  evaluation: RunEvaluation | undefined;
  /** Of our sessions from those it has learned from; undefined when its index cannot be read: it is no model to protect. */
  drift: Drift | undefined;
}

export type RunFacts = Pick<Manifest, 'counts' | 'lineage'>;

export type Check = Verdict['checks'][number];
