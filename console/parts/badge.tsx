import type { Run } from '../api/client.ts';

type Tone = 'good' | 'bad' | 'warn' | 'plain' | 'accent';

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: string }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

const TONES: Record<Run['status'], Tone> = {
  live: 'good',
  previous: 'accent',
  ready: 'plain',
  failed: 'bad',
  stopped: 'warn',
  unchanged: 'plain',
  unfinished: 'warn',
};

export function RunStatus({ status }: { status: Run['status'] }) {
  return <Badge tone={TONES[status]}>{status}</Badge>;
}
