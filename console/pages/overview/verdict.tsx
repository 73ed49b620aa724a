import type { RunReport } from '../../../engine/evaluation/run-report.ts';
import { Panel } from '../../parts/page.tsx';

/** The gate's sentence, and each of its checks. */
export function Verdict({ report }: { report: RunReport | undefined }) {
  if (report === undefined) return null;
  const { reason, checks } = report.verdict;
  return (
    <Panel title="Verdict" note={reason}>
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
