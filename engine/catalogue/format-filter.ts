import { type Bound, type Condition, type Filter, type FilterValue, isPlainRange, type OwnValue } from './filter.ts';
import { isBareWord } from './parse-filter.ts';

/** Writes the string form of a normal tree, which `parseFilter` reads back as the same tree. */
export function formatFilter(filter: Filter): string {
  if ('or' in filter) return filter.or.map((part) => ('or' in part ? grouped(part) : formatFilter(part))).join(' OR ');
  if ('and' in filter)
    return filter.and.map((part) => (isGroup(part) ? grouped(part) : formatFilter(part))).join(' AND ');
  if ('not' in filter) return `NOT ${isGroup(filter.not) ? grouped(filter.not) : formatFilter(filter.not)}`;
  return formatCondition(filter);
}

function isGroup(filter: Filter): boolean {
  return 'and' in filter || 'or' in filter;
}

function grouped(filter: Filter): string {
  return `(${formatFilter(filter)})`;
}

function formatCondition(condition: Condition): string {
  const field = quoteWhereNeeded(condition.field);
  if ('in' in condition) return `${field}:${condition.in.map((value) => valueText(value, condition.field)).join(',')}`;
  if (isPlainRange(condition)) return `${field}:${condition.gte}..${condition.lte}`;
  const { gt, gte, lt, lte } = condition;
  const [sign, bound] = Object.entries({ '>': gt, '>=': gte, '<': lt, '<=': lte }).find(([, b]) => b !== undefined)!;
  return `${field}${sign}${boundText(bound!, condition.field)}`;
}

function valueText(value: FilterValue, field: string): string {
  return typeof value === 'string' ? quoteWhereNeeded(value) : ownText(value, field);
}

function boundText(bound: Bound, field: string): string {
  return typeof bound === 'number' ? String(bound) : ownText(bound, field);
}

function ownText({ own, times }: OwnValue, field: string): string {
  const factor = times === undefined ? '' : `${times}*`;
  return `${factor}@${own === field ? '' : quoteWhereNeeded(own)}`;
}

function quoteWhereNeeded(text: string): string {
  return isBareWord(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
