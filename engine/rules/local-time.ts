const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/;
const DAY_MS = 86_400_000;

/** `2026-11-27` or `2026-11-27T08:00`, as the clock on the wall shows it. */
export function isLocalTime(text: string): boolean {
  if (!LOCAL_TIME.test(text)) return false;
  const ms = wallMs(text);
  // Date.parse takes 30 February for 2 March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function isDay(local: string): boolean {
  return !local.includes('T');
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The instant at which clocks in a time zone show a local time; the first of two when clocks are set back, and as if they
 * had not yet been set forward for a time that they skip (as `Temporal`'s "compatible").
 *
 * @param local as `isLocalTime` takes it; a day stands for its start. @returns milliseconds since the epoch.
 */
export function instantOf(local: string, timeZone: string): number {
  const wall = wallMs(local);
  const [before, after] = [offsetMs(wall - DAY_MS, timeZone), offsetMs(wall + DAY_MS, timeZone)];
  const shown = [before, after].map((offset) => wall - offset).filter((ms) => ms + offsetMs(ms, timeZone) === wall);
  return shown.length === 0 ? wall - before : Math.min(...shown);
}

/** The end of a day, or the instant itself. */
export function endOf(local: string, timeZone: string): number {
  if (!isDay(local)) return instantOf(local, timeZone);
  return instantOf(new Date(wallMs(local) + DAY_MS).toISOString().slice(0, 10), timeZone);
}

function wallMs(local: string): number {
  return Date.parse(isDay(local) ? `${local}T00:00Z` : `${local}Z`);
}

/** Local time − UTC. */
function offsetMs(instantMs: number, timeZone: string): number {
  const name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(instantMs)
    .find(({ type }) => type === 'timeZoneName')!.value;
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d+):(\d+))?/.exec(name)!;
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
