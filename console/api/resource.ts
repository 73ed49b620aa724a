import { useEffect, useState } from 'preact/hooks';
import { ApiProblem, isAbort } from './request.ts';

export interface Resource<T> {
  /** What was read last; kept while it is read anew. */
  data: T | undefined;
  problem: ApiProblem | undefined;
  isLoading: boolean;
  reload(): void;
}

/**
 * Reads when the page appears and whenever `dependencies` change; an answer that is no longer wanted is dropped.
 *
 * @param load undefined: there is nothing to read.
 */
export function useResource<T>(
  load: ((signal: AbortSignal) => Promise<T>) | undefined,
  dependencies: readonly unknown[],
): Resource<T> {
  const [state, setState] = useState<Omit<Resource<T>, 'reload'>>({
    data: undefined,
    problem: undefined,
    isLoading: load !== undefined,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (load === undefined) {
      setState({ data: undefined, problem: undefined, isLoading: false });
      return;
    }
    const controller = new AbortController();
    setState(({ data }) => ({ data, problem: undefined, isLoading: true }));
    load(controller.signal).then(
      (data) => {
        if (!controller.signal.aborted) setState({ data, problem: undefined, isLoading: false });
      },
      (error) => {
        if (controller.signal.aborted || isAbort(error)) return;
        setState(({ data }) => ({ data, problem: problemOf(error), isLoading: false }));
      },
    );
    return () => controller.abort();
  }, [...dependencies, turn]);
  return { ...state, reload: () => setTurn((n) => n + 1) };
}

/** @returns in words for a person what a page or a call threw. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(undefined, 'This page failed', error instanceof Error ? error.message : String(error));
}
