/** Numbers and times as a person reads them, the same on every page. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const MINUTE = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
} as const;
const dateTime = new Intl.DateTimeFormat('en-GB', MINUTE);
const dateTimeSecond = new Intl.DateTimeFormat('en-GB', { ...MINUTE, second: '2-digit' });
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Keeps a unit on the line of its number. */
const GLUE = '\u00a0';

export const formatCount = (n: number): string => whole.format(n);
/** `1 row was`, `2 rows were`. @param many @default `one` with an s */
export const formatAmount = (n: number, one: string, many = `${one}s`): string =>
  `${formatCount(n)} ${n === 1 ? one : many}`;
export const formatCompact = (n: number): string => compact.format(n);
/** As reports print metrics. */
export const formatFigure = (n: number): string => n.toFixed(3);
export const formatTime = (iso: string): string => `${dateTime.format(new Date(iso))} UTC`;
export const formatShortDay = (ms: number): string => shortDay.format(new Date(ms));
export const formatDay = (iso: string): string => date.format(new Date(iso));

export function formatSigned(n: number): string {
  return `${n < 0 ? '−' : '+'}${Math.abs(n).toFixed(3)}`;
}

/** 0 % is none and 100 % is all: what is close to either gets a digit more. @param share 0…1 */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.05) return `<${GLUE}0.1${GLUE}%`;
  if (percent >= 99.95 && percent < 100) return `>${GLUE}99.9${GLUE}%`;
  const isClose = (percent > 0 && percent < 9.95) || (percent >= 99.5 && percent < 100);
  return `${percent.toFixed(isClose ? 1 : 0)}${GLUE}%`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes}${GLUE}B`;
  const [size, unit] = BYTE_UNITS.find(([size]) => Math.round(bytes / (size / 10)) < 10_000) ?? [1e9, 'GB'];
  return `${(bytes / size).toFixed(1)}${GLUE}${unit}`;
}
const BYTE_UNITS: readonly [number, string][] = [
  [1e3, 'kB'],
  [1e6, 'MB'],
];

export function formatDuration(ms: number): string {
  const [tenths, seconds, minutes] = [100, 1_000, 60_000].map((unit) => Math.round(ms / unit));
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}${GLUE}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${GLUE}min ${seconds % 60}${GLUE}s`;
  return `${Math.floor(minutes / 60)}${GLUE}h ${minutes % 60}${GLUE}min`;
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

/** `20261126T061749788Z-60a89f53` is the run of 26 Nov 2026, 06:17:49 UTC: two may begin in one minute. */
export function runTime(runId: string): string {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(runId);
  if (parts === null) return runId;
  const [, year, month, day, hour, minute, second] = parts;
  return `${dateTimeSecond.format(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`))} UTC`;
}
