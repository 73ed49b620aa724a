/** Of a schedule's `cron(…)`, in order; the ranges of EventBridge Scheduler. */
const FIELDS = [
  { name: 'minutes', pattern: range('[1-5]?\\d|0\\d') },
  { name: 'hours', pattern: range('1?\\d|2[0-3]|0\\d') },
  {
    name: 'day of the month',
    pattern: anyOf(range('0?[1-9]|[12]\\d|3[01]'), '\\?', 'L(-\\d{1,2})?', 'LW', '\\d{1,2}W'),
  },
  { name: 'month', pattern: range('0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC') },
  {
    name: 'day of the week',
    pattern: anyOf(
      range('[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT'),
      '\\?',
      '[1-7]?L',
      '([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5]',
    ),
  },
  { name: 'year', pattern: range('19[7-9]\\d|20\\d\\d|21\\d\\d') },
];

/**
 * What is wrong with a recurring schedule, in a form that says how to write it; undefined when nothing is.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 *
 * @param text `cron(…)` of six fields, or `rate(…)`.
 */
export function faultOfSchedule(text: string): string | undefined {
  const [, kind, inner] = /^(cron|rate)\((.*)\)$/.exec(text) ?? [];
  if (kind === undefined) return 'cron(…), rate(…) or off, such as cron(0 3 ? * MON *) or rate(7 days)';
  return kind === 'rate' ? faultOfRate(inner) : faultOfCron(inner);
}

function faultOfRate(inner: string): string | undefined {
  const [, value, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(inner) ?? [];
  if (value === undefined) return 'rate(NUMBER UNIT) with a unit of minutes, hours or days, such as rate(12 hours)';
  const written = `${value} ${unit}${value === '1' ? '' : 's'}`;
  return inner === written ? undefined : `rate(${written}): one is singular, more are plural`;
}

function faultOfCron(inner: string): string | undefined {
  const fields = inner.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return `cron(…) with six fields (${FIELDS.map(({ name }) => name).join(', ')}), such as cron(0 3 ? * MON *); it has ${fields.length}`;
  }
  const wrong = FIELDS.findIndex(({ pattern }, i) => !pattern.test(fields[i]));
  if (wrong !== -1) return `cron(…) with another ${FIELDS[wrong].name} than ${JSON.stringify(fields[wrong])}`;
  if ((fields[2] === '?') === (fields[4] === '?')) {
    return 'cron(…) with ? as day of the month or as day of the week, and not as both: the one that has ? follows from the other';
  }
  return undefined;
}

/** `*`, a value, `a-b`, `a/n`, `*\/n`, and lists of them. */
function range(value: string): RegExp {
  const item = `(\\*|(${value})(-(${value}))?)(/[1-9]\\d*)?`;
  return new RegExp(`^${item}(,${item})*$`);
}

function anyOf(first: RegExp, ...others: string[]): RegExp {
  return new RegExp(`${first.source}|^(${others.join('|')})$`);
}
