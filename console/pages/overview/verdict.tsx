import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import type { Run } from '../../api/client.ts';
import { Panel } from '../../parts/page.tsx';
import { verdictText } from './verdict-text.ts';

/** The gate's sentence, and each of its checks. */
export function Verdict({ report, status }: { report: RunReport | undefined; status: Run['status'] }) {
  if (report === undefined) return null;
  const { checks } = report.verdict;
  return (
    <Panel title="Verdict" note={verdictText(report.verdict, status)}>
      <ul class="checks">
        {checks.map(({ name, passed, finding }) => (
          <li key={name}>
            <span class={`mark ${passed ? 'good' : 'bad'}`} aria-hidden="true">
              {passed ? '✓' : '✗'}
            </span>
            <span>
              <span class="visually-hidden">{passed ? 'Passed: ' : 'Failed: '}</span>
              {!finding.endsWith(name) && <strong>{name}: </strong>}
              {finding}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
