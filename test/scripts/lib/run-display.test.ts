import { expect, it } from 'vitest';
import { progressChannel } from '../../../lambdas/shared/progress.ts';
import { describeCounts, showRun } from '../../../scripts/lib/run-display.ts';

function show(isTTY: boolean) {
  let text = '';
  let clockMs = 0;
  const display = showRun({ isTTY, write: (part) => (text += part) }, () => clockMs);
  return { ...display, text: () => text, pass: (ms: number) => (clockMs += ms) };
}
const result = (counts: Record<string, number>) => ({ runId: 'r', keys: {}, counts });

it('prints one plain line a stage when it is not a terminal', () => {
  const run = show(false);
  run.events.stageStarted('ingest');
  progressChannel.publish({ stage: 'ingest', done: 5, unit: 'rows' });
  run.pass(1200);
  run.events.stageFinished('ingest', undefined, result({ rows: 165_474, rejectedRows: 0 }));
  run.events.stageStarted('sequence');
  run.pass(300);
  run.events.stageFailed('sequence');
  run.close();
  expect(run.text()).toBe('  ingest       1.2 s  165,474 rows, 0 rejected rows\n  sequence     0.3 s  failed\n');
  expect(run.seconds).toEqual({ ingest: 1.2, sequence: 0.3 });
});

it('begins to count with the first stage, whatever the clock said before', () => {
  const run = show(false);
  run.pass(1_795_650_582_800);
  run.events.stageStarted('ingest');
  run.pass(2_000);
  run.events.stageFinished('ingest', undefined, result({}));
  run.close();
  expect(run.seconds).toEqual({ ingest: 2 });
});

it('moves the line of the running stage on a terminal, until it is closed', () => {
  const run = show(true);
  run.events.stageStarted('embed');
  progressChannel.publish({ stage: 'embed', done: 2, total: 5, unit: 'epochs' });
  run.events.stageFinished('embed', undefined, result({ vectors: 217 }));
  run.close();
  progressChannel.publish({ stage: 'cluster', done: 1, unit: 'iterations' });
  const lines = run.text().split('\r\x1b[2K').slice(1);
  expect(lines).toEqual([
    '  embed        0.0 s  …',
    '  embed        0.0 s  2 of 5 epochs',
    '  embed        0.0 s  217 vectors\n',
  ]);
});

it('describes counts as a person would', () => {
  expect(describeCounts({ sequencesOfOneProduct: 414, silhouette: 0.123456, loss: 1e-7, none: 0 })).toBe(
    '414 sequences of one product, 0.1235 silhouette, 0.0000001 loss, 0 none',
  );
});

it('counts one thing in the singular', () => {
  expect(describeCounts({ candidates: 1, sequencesOfOneProduct: 1, rejectedRows: 1, promoted: 1, loss: 1 })).toBe(
    '1 candidate, 1 sequence of one product, 1 rejected row, 1 promoted, 1 loss',
  );
});
