import type * as z from 'zod';
import { type ArtifactName, artifactKey } from '../../engine/artifacts/artifact-keys.ts';
import { type Manifest, manifestSchema } from '../../engine/artifacts/manifest.ts';
import { ArtifactError } from '../../engine/errors.ts';
import { expectedGains } from '../../engine/evaluation/evaluate.ts';
import type { Gains } from '../../engine/evaluation/figures.ts';
import { plausible } from '../../engine/evaluation/period.ts';
import { DEFAULT_QUESTION, type Question } from '../../engine/evaluation/question.ts';
import {
  type Places,
  type ReferenceSessions,
  referenceSessionsSchema,
  sampleSessions,
} from '../../engine/evaluation/reference-sessions.ts';
import { runReportSchema } from '../../engine/evaluation/run-report.ts';
import type { ServingIndex } from '../../engine/serving-index/serving-index.ts';
import { decodeServingIndex } from '../../engine/serving-index/serving-index-file.ts';
import { readCurrent } from '../shared/runs/current.ts';
import { runStartMs } from '../shared/runs/run-id.ts';
import type { ArtifactStore } from '../shared/store/artifact-store.ts';
import { readJsonIfSound } from '../shared/store/json-artifact.ts';

/** The run that is live, and what a new one is compared with. */
export interface LiveModel {
  runId: string;
  index: ServingIndex;
  /** Milliseconds since the epoch of the last session that it has seen; undefined when its clickstream had no time. */
  lastSessionMs: number | undefined;
  /** Sessions to ask about that a new model must not have seen; empty when the live model was not measured. */
  reference: string[][];
  /** What it was asked; the default of a run that was not measured. */
  question: Question;
  /** How the live model did on them: a list a session, or, of a run that kept none, its report's figures. */
  answered: Places[] | Pick<Gains, 'HR@20' | 'MRR@20'> | undefined;
}

/**
 * @returns undefined when nothing is live or it is damaged, which must not keep a sound run out. @throws UnavailableError when
 * the store does not answer: without the live model nothing would be compared.
 */
export async function openLiveModel(
  store: ArtifactStore,
  onFault: (message: string) => void,
): Promise<LiveModel | undefined> {
  try {
    const runId = (await readCurrent(store))?.pointer.runId;
    if (runId === undefined) return undefined;
    const file = await store.get(artifactKey(runId, 'serving'));
    if (file === undefined) return undefined;
    const index = decodeServingIndex(file.bytes, runId);
    // Each that is damaged takes one comparison away, not all.
    const soundly = <T>(name: ArtifactName, schema: z.ZodType<T>) =>
      readJsonIfSound(store, artifactKey(runId, name), schema, ({ message }) => onFault(message));
    const [manifest, report, kept] = await Promise.all([
      soundly('manifest', manifestSchema),
      soundly('report', runReportSchema),
      soundly('reference_sessions', referenceSessionsSchema),
    ]);
    const backtest = report?.evaluation.backtest ?? undefined;
    return {
      runId,
      index,
      lastSessionMs: lastSessionOf(runId, manifest),
      question: backtest?.question ?? DEFAULT_QUESTION,
      ...(kept === undefined
        ? withoutReference(index, backtest && expectedGains(backtest.evaluations[backtest.best]))
        : referenceOf(kept)),
    };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    onFault(error.message);
    return undefined;
  }
}

function referenceOf({ sessions }: ReferenceSessions): Pick<LiveModel, 'reference' | 'answered'> {
  return { reference: sessions.map(({ products }) => products), answered: sessions.map(({ places }) => places) };
}

/** Its newest sessions stand in: it has seen them, so that only its report says how it does on such. */
function withoutReference(index: ServingIndex, reported: Gains | undefined): Pick<LiveModel, 'reference' | 'answered'> {
  if (reported === undefined) return { reference: [], answered: undefined };
  const sessions = { productIds: index.productIds, ...index.pastSessions };
  const first = Math.floor((sessions.offsets.length - 1) * NEWEST);
  return { reference: sampleSessions(sessions, first), answered: reported };
}

const NEWEST = 0.9;

/** A session that is dated later than the run itself would end all comparisons: then the run's start bounds what it has seen. */
function lastSessionOf(runId: string, manifest: Manifest | undefined): number | undefined {
  const period = manifest?.lineage.period;
  if (!period) return undefined;
  return plausible(period, runStartMs(runId)) === null ? runStartMs(runId) : Date.parse(period.to);
}
