/** Numbers and times as a person reads them, the same on every page. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const dateTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export const formatCount = (n: number): string => whole.format(n);
export const formatCompact = (n: number): string => compact.format(n);
/** As reports print metrics. */
export const formatFigure = (n: number): string => n.toFixed(3);
export const formatShare = (share: number): string => `${(100 * share).toFixed(share < 0.0995 && share > 0 ? 1 : 0)} %`;
export const formatTime = (iso: string): string => `${dateTime.format(new Date(iso))} UTC`;
export const formatShortDay = (ms: number): string => shortDay.format(new Date(ms));
export const formatDay = (iso: string): string => date.format(new Date(iso));

export function formatSigned(n: number): string {
  return `${n < 0 ? '−' : '+'}${Math.abs(n).toFixed(3)}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

export function formatAge(seconds: number): string {
  const [amount, unit] = AGES.map(([size, name]): [number, string] => [Math.floor(seconds / size), name]).find(
    ([n]) => n >= 1,
  ) ?? [0, 'second'];
  return amount === 0 ? 'a moment' : `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
const AGES: readonly [number, string][] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** `20261126T061749788Z-60a89f53` is the run of 26 Nov 2026, 06:17 UTC. */
export function runTime(runId: string): string {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(runId);
  if (parts === null) return runId;
  const [, year, month, day, hour, minute, second] = parts;
  return formatTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
