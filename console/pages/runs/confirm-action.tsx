import { useEffect, useRef, useState } from 'preact/hooks';
import { promote, rollBack } from '../../api/operator.ts';
import { ApiProblem } from '../../api/request.ts';
import { runTime } from '../../format.ts';
import { Failed } from '../../parts/states.tsx';

export interface PlannedAction {
  kind: 'promote' | 'rollback';
  runId: string;
  /** What is live as the person decides. */
  live: string | null;
}

/** Says what would change, and does it when the person agrees. */
export function ConfirmAction({
  action,
  onTried,
  onClose,
}: {
  action: PlannedAction;
  /** Whether it was done or refused: another run may be live than the page shows. */
  onTried(): void;
  onClose(isDone: boolean): void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<ApiProblem>();
  const [isWorking, setWorking] = useState(false);
  const isDone = useRef(false);
  const isShownAgain = useRef(false);
  useEffect(() => dialog.current?.showModal(), []);
  const { kind, runId, live } = action;
  const verb = kind === 'rollback' ? 'Roll back' : 'Promote';
  const act = async () => {
    setWorking(true);
    setProblem(undefined);
    try {
      await (kind === 'rollback' ? rollBack(live) : promote(runId, live));
      isDone.current = true;
      dialog.current?.close();
    } catch (error) {
      setProblem(error instanceof ApiProblem ? error : new ApiProblem(undefined, 'It failed', String(error)));
      setWorking(false);
      // Closed a moment ago, of which the event is still to come.
      if (dialog.current?.open === false) {
        isShownAgain.current = true;
        dialog.current.showModal();
      }
    }
    onTried();
  };
  // Whether it fails must be told. A browser lets a page refuse the first Escape, and none after it.
  const onClosed = () => {
    if (isShownAgain.current) isShownAgain.current = false;
    else if (isWorking && !isDone.current) dialog.current?.showModal();
    else onClose(isDone.current);
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      onCancel={(event) => isWorking && event.preventDefault()}
      onClose={onClosed}
    >
      <h2 id="confirm-title">{verb}: what changes</h2>
      <dl class="change">
        <dt>Live now</dt>
        <dd>{live === null ? 'nothing' : <RunName runId={live} />}</dd>
        <dt>Live afterwards</dt>
        <dd>
          <RunName runId={runId} />
        </dd>
      </dl>
      <p>
        Shoppers get its recommendations within 30 seconds. No request fails meanwhile, and rolling back undoes it.
        {kind === 'promote' && ' The gate is not asked again.'}
      </p>
      {problem !== undefined && <Failed problem={problem} />}
      <div class="actions">
        <button type="button" disabled={isWorking} onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button type="button" class="primary" disabled={isWorking} onClick={act}>
          {isWorking ? 'Working…' : verb}
        </button>
      </div>
    </dialog>
  );
}

function RunName({ runId }: { runId: string }) {
  return (
    <>
      {runTime(runId)} <small class="id">{runId}</small>
    </>
  );
}
