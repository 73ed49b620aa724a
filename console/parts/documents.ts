import type { Manifest } from '../../engine/artifacts/manifest.ts';
import type { RunReport } from '../../engine/evaluation/run-report.ts';

type Document = Record<string, unknown> | null;

/**
 * The API passes on `manifest.json` and `report.json` as they stand, whatever release wrote them, so what a release lacks
 * is looked for before it is shown.
 *
 * @returns undefined when there is none, or it is of no known form.
 */
export function manifestOf(document: Document): Manifest | undefined {
  return document !== null && 'counts' in document && 'stages' in document ? (document as Manifest) : undefined;
}

export function reportOf(document: Document): RunReport | undefined {
  return document !== null && 'verdict' in document && 'evaluation' in document ? (document as RunReport) : undefined;
}
