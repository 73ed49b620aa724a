import type { RecommendationFigures } from './api-services.ts';

/**
 * A line in the log for each answer would cost as much as the Lambda that answers: figures wait until they are a minute
 * old, or, as Powertools publishes by itself, a hundred. An instance that is taken away takes what still waits with it.
 */
const PUBLISHED_EVERY_MS = 60_000;

/** Powertools' `Metrics`, as far as it is used. */
export interface MetricSink {
  addMetric(name: string, unit: 'Percent' | 'Seconds', value: number): unknown;
  publishStoredMetrics(): unknown;
}

/** The figures of answers that the alarms look at: see `infra/operations/operational-metrics.ts`. */
export class AnswerMetrics {
  readonly #metrics: MetricSink;
  readonly #nowMs: () => number;
  #publishedAtMs = Number.NEGATIVE_INFINITY;
  #modelAgeSeconds: number | null = null;
  #waiting = 0;

  constructor(metrics: MetricSink, nowMs: () => number) {
    this.#metrics = metrics;
    this.#nowMs = nowMs;
  }

  add({ items, fallbackItems, modelAgeSeconds }: RecommendationFigures): void {
    // Whole per cents: a third would be 18 characters.
    if (items > 0) this.#metrics.addMetric('FallbackShare', 'Percent', Math.round((100 * fallbackItems) / items));
    this.#modelAgeSeconds = modelAgeSeconds;
    this.#waiting++;
  }

  /** At the end of an invocation. */
  publishIfDue(): void {
    if (this.#waiting === 0 || this.#nowMs() - this.#publishedAtMs < PUBLISHED_EVERY_MS) return;
    // The oldest of a minute's is the youngest plus a minute: one stands for all.
    if (this.#modelAgeSeconds !== null) this.#metrics.addMetric('ModelAge', 'Seconds', this.#modelAgeSeconds);
    this.#metrics.publishStoredMetrics();
    this.#publishedAtMs = this.#nowMs();
    this.#waiting = 0;
  }
}
