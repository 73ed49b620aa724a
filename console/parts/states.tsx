import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiProblem } from '../api/request.ts';
import type { Resource } from '../api/resource.ts';
import { formatShare } from '../format.ts';

const PATIENCE_MS = 4_000;

/** Shows what was read; before that, and where it failed, what there is to say instead. */
export function Await<T>({
  resource,
  minHeight,
  progress,
  children,
}: {
  resource: Resource<T>;
  /** How much has come of what comes in pieces, 0…1. */
  progress?: number;
  /** Pixels that are kept free while it loads, so that nothing below jumps. */
  minHeight: number;
  children(data: T): ComponentChildren;
}) {
  const { data, problem, isLoading, reload } = resource;
  return (
    <>
      {problem !== undefined && <Failed problem={problem} isStale={data !== undefined} onRetry={reload} />}
      {data === undefined && isLoading && <Loading minHeight={minHeight} progress={progress} />}
      {data !== undefined && children(data)}
    </>
  );
}

export function Loading({ minHeight, progress = 0 }: { minHeight: number; progress?: number | undefined }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="loading" role="status" style={{ minHeight: `${minHeight}px` }}>
      {progress > 0 ? (
        <span>Loading: {formatShare(progress)}</span>
      ) : (
        <span class={isSlow ? '' : 'visually-hidden'}>
          {isSlow ? 'The API takes its time; still waiting for its answer.' : 'Loading'}
        </span>
      )}
    </div>
  );
}

export function Failed({
  problem,
  isStale = false,
  onRetry,
}: {
  problem: ApiProblem;
  isStale?: boolean;
  onRetry?: () => void;
}) {
  return (
    <div class="callout bad" role="alert">
      <p>
        <strong>{problem.title}.</strong> {problem.message}
        {isStale && ' What stands below was read before.'}
      </p>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}
