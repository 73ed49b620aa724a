import { CONDITION, type Columns } from '../artifacts/click-source.ts';
import { literal } from './sql.ts';

/** One `--where`. */
export interface Condition {
  column: string;
  operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
  value: string;
}

/** @param text as the schema of the request has checked it. */
export function parseCondition(text: string): Condition {
  const { column, operator, value } = CONDITION.exec(text)!.groups!;
  return { column: column.trim(), operator: operator as Condition['operator'], value: value.trim() };
}

/** Why a row does not count, where it is not refused. */
export const SKIPPED_BY_EVENT = -1;
const SKIPPED_BY_FILTER = -2;

/**
 * SQL of a row's weight: positive, or one of the constants above.
 *
 * @param conditions with SQL of their column's value. @param event SQL of the event's name.
 */
export function weightExpression(
  conditions: readonly (Condition & { sql: string })[],
  event: string | undefined,
  events: Columns['events'],
): string {
  const byColumn = Map.groupBy(conditions, ({ column, operator }) =>
    operator === '=' ? `= ${column}` : `${operator} ${column}`,
  );
  const filters = Array.from(byColumn.values(), (alternatives) => {
    const holds = alternatives.map(conditionExpression);
    const [{ operator }] = alternatives;
    return `coalesce(${holds.join(operator === '=' ? ' OR ' : ' AND ')}, false)`;
  });
  const weights = Object.entries(events ?? {}).filter(([, weight]) => weight > 0);
  const byEvent = weights.map(([name, weight]) => `WHEN ${event} = ${literal(name)} THEN ${weight}`);
  return `(CASE ${filters.length === 0 ? '' : `WHEN NOT (${filters.join(' AND ')}) THEN ${SKIPPED_BY_FILTER}`}
    ${event === undefined ? 'ELSE 1' : `${byEvent.join(' ')} ELSE ${SKIPPED_BY_EVENT}`} END)::DOUBLE`;
}

/** Numbers are compared as numbers, everything else as text. */
function conditionExpression({ sql, operator, value }: Condition & { sql: string }): string {
  const text = `trim(CAST(${sql} AS VARCHAR))`;
  const number = value === '' ? Number.NaN : Number(value);
  if (operator === '=' || operator === '!=') {
    const asText = value === '' ? `coalesce(${text}, '') = ''` : `${text} = ${literal(value)}`;
    const same = Number.isFinite(number) ? `(${asText} OR try_cast(${text} AS DOUBLE) = ${number})` : `(${asText})`;
    return operator === '=' ? same : `NOT coalesce(${same}, false)`;
  }
  return Number.isFinite(number)
    ? `try_cast(${text} AS DOUBLE) ${operator} ${number}`
    : `${text} ${operator} ${literal(value)}`;
}
