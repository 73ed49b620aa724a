import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import type { Run } from '../../api/client.ts';

/** The gate's sentence; of a run that is or was live although the gate refused it, that a person promoted it. */
export function verdictText({ promoted, reason }: RunReport['verdict'], status: Run['status']): string {
  if (promoted || (status !== 'live' && status !== 'previous')) return reason;
  const went = status === 'live' ? 'Promoted' : 'Was promoted';
  return `${went} by hand; the gate had refused it: ${reason.replace(/^Refused: /, '')}`;
}
