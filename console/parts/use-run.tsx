import { apiOf, liveApi } from '../api/client.ts';
import { hosting } from '../api/hosting.ts';
import { useResource } from '../api/resource.ts';
import { runTime } from '../format.ts';
import { operatorSession } from '../state.ts';
import { useQuery } from './use-query.ts';

/** The model that a page looks at: the live one, or that of the run that the address names. */
export function useRunApi() {
  const { query, change } = useQuery();
  const runId = query.get('run');
  return {
    runId,
    api: runId === null ? liveApi : apiOf(`/console/runs/${encodeURIComponent(runId)}`),
    /** Without rules, stock and variants; undefined where the console is hosted, and only what is served can be asked for. */
    bareApi: hosting === undefined ? apiOf(`/console/bare/${encodeURIComponent(runId ?? 'live')}`) : undefined,
    choose: (next: string | null) => change({ run: next }),
  };
}

/** A link that stays with the run that the page looks at. */
export function pathOfRun(path: string, runId: string | null): string {
  return runId === null ? path : `${path}?run=${encodeURIComponent(runId)}`;
}

/** Explore has the live run, and another one beside it. */
export function explorePath(productId: string, runId: string | null): string {
  const viewed = `/explore?viewed=${encodeURIComponent(productId)}`;
  return runId === null ? viewed : `${viewed}&beside=${encodeURIComponent(runId)}`;
}

/** Which run a page looks at. It is there only where the console's own server can answer over other runs. */
export function RunPicker({
  label = 'Model of',
  none = 'the live run',
  value,
  onChoose,
}: {
  label?: string;
  none?: string;
  value: string | null;
  onChoose(runId: string | null): void;
}) {
  const runs = useResource((signal) => liveApi.runs({ limit: 100 }, signal), []);
  if (operatorSession.value === null) return null;
  const others = runs.data?.items.filter(({ status }) => status === 'ready' || status === 'previous') ?? [];
  return (
    <label class="field run-picker">
      <span>{label}</span>
      <select value={value ?? ''} onChange={(event) => onChoose(event.currentTarget.value || null)}>
        <option value="">{none}</option>
        {others.map(({ runId, status }) => (
          <option key={runId} value={runId}>
            {runTime(runId)} ({status})
          </option>
        ))}
        {value !== null && !others.some(({ runId }) => runId === value) && (
          <option value={value}>{runTime(value)}</option>
        )}
      </select>
    </label>
  );
}
