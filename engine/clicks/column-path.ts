import { InputError } from '../errors.ts';
import { identifier, literal } from './sql.ts';

/**
 * A column, or a value inside one: `items[].item_id`.
 *
 * | step | takes |
 * |---|---|
 * | `.name` | a field; of a list of `{key, value}` (GA4's `event_params`) the value of that key |
 * | `[0]` | an element of a list, counted from 0 |
 * | `[]` | every element of a list, as a view of its own |
 * | `[,]` | every part of a text that is separated by that character, as a view of its own |
 * | `[;2]` | the second part of such a text |
 */
export interface ColumnPath {
  /** As the user wrote it. */
  text: string;
  /** Of the table. */
  column: string;
  steps: Step[];
}

type Step =
  | { kind: 'field'; name: string }
  | { kind: 'element'; index: number }
  | { kind: 'each'; separator?: string }
  | { kind: 'part'; separator: string; number: number };

const STEP = /\.(?<field>[^.[\]]+)|\[(?<index>\d+)\]|\[(?<separator>[^\d\]]?)(?<part>\d*)\]/y;

/**
 * A column that is called like the whole text wins over a path.
 *
 * @returns undefined when there is no such column. @throws InputError when what follows the column's name is no path.
 */
export function findPath(text: string, columns: readonly string[]): ColumnPath | undefined {
  if (columns.includes(text)) return { text, column: text, steps: [] };
  const candidates = columns.filter((name) => text.startsWith(name) && /[.[]/.test(text.charAt(name.length)));
  if (candidates.length === 0) return undefined;
  const column = candidates.reduce((a, b) => (b.length > a.length ? b : a));
  return { text, column, steps: stepsOf(text, column.length) };
}

/** What may be a column's name at the start of a path. */
export function rootOf(text: string): string {
  return text.split(/[.[]/, 1)[0];
}

function stepsOf(text: string, start: number): Step[] {
  const step = new RegExp(STEP);
  const steps: Step[] = [];
  step.lastIndex = start;
  while (step.lastIndex < text.length) {
    const at = step.lastIndex;
    const { field, index, separator, part } = step.exec(text)?.groups ?? {};
    if (field !== undefined) steps.push({ kind: 'field', name: field });
    else if (index !== undefined) steps.push({ kind: 'element', index: Number(index) });
    else if (separator && part) steps.push({ kind: 'part', separator, number: Number(part) });
    else if (separator !== undefined && part === '')
      steps.push({ kind: 'each', ...(separator !== '' && { separator }) });
    else {
      throw new InputError(
        `The path ${JSON.stringify(text)} is not understood from ${JSON.stringify(text.slice(at))} on. Allowed are .name, [0], [] for each element, [,] for each part and [;2] for the second part of a text.`,
      );
    }
  }
  return steps;
}

/** Of paths that explode, the list that they share; undefined when none does. @throws InputError when they differ. */
export function sharedList(paths: readonly ColumnPath[]): ColumnPath | undefined {
  const lists = paths.flatMap(({ text, column, steps }) => {
    const end = steps.findIndex(({ kind }) => kind === 'each');
    return end < 0 ? [] : [{ text, column, steps: steps.slice(0, end + 1) }];
  });
  const [first, ...others] = lists;
  for (const other of others) {
    if (other.column !== first.column || JSON.stringify(other.steps) !== JSON.stringify(first.steps)) {
      throw new InputError(
        `The paths ${JSON.stringify(first.text)} and ${JSON.stringify(other.text)} take the elements of two lists. Views come from one list: name paths into the same one.`,
      );
    }
  }
  return first;
}

/** SQL of the list that a path explodes, VARCHAR[] with at least one element. @param type of the column, as DuckDB names it. */
export function listExpression({ column, steps }: ColumnPath, type: string): string {
  const { separator } = steps[steps.length - 1] as { separator?: string };
  const cell = scalarExpression(asText(column, type), steps.slice(0, -1));
  const list = separator === undefined ? elementsOf(cell) : `string_split(${cell}, ${literal(separator)})`;
  return `CASE WHEN coalesce(len(${list}), 0) = 0 THEN [NULL::VARCHAR] ELSE ${list} END`;
}

/**
 * SQL of a path's value: the column itself where there are no steps and it is not of bytes (`valueType`), else VARCHAR, NULL
 * where it is not there.
 *
 * @param element SQL of an element of the exploded list, where the path goes through it.
 */
export function pathExpression({ column, steps }: ColumnPath, type: string, element: string): string {
  if (steps.length === 0) return type === 'BLOB' ? asText(column, type) : identifier(column);
  const each = steps.findIndex(({ kind }) => kind === 'each');
  return each < 0 ? scalarExpression(asText(column, type), steps) : scalarExpression(element, steps.slice(each + 1));
}

/** Type of a path's value. @param type of the column. */
export function valueType({ steps }: ColumnPath, type: string): string {
  return steps.length === 0 && type !== 'BLOB' ? type : 'VARCHAR';
}

/**
 * SQL of a column as text, a whole number without what its type adds (`1207.0`, `1e+16`, `1207.000000000`).
 *
 * @param type as DuckDB names it.
 */
export function plainText(column: string, type: string): string {
  const [name, text] = [identifier(column), asText(column, type)];
  if (type === 'DOUBLE' || type === 'FLOAT') {
    const isWhole = `${name} = trunc(${name}) AND abs(${name}) < 9e18`;
    return `CASE WHEN ${isWhole} THEN CAST(CAST(${name} AS BIGINT) AS VARCHAR) ELSE ${text} END`;
  }
  return type.startsWith('DECIMAL') ? `regexp_replace(${text}, '\\.0+$', '')` : text;
}

/** SQL of a column as text: what is nested as JSON, and bytes as what they say where they are UTF-8. */
export function asText(column: string, type: string): string {
  const name = identifier(column);
  if (type === 'VARCHAR') return name;
  if (type === 'BLOB') return `coalesce(try(decode(${name})), CAST(${name} AS VARCHAR))`;
  return /[[(]/.test(type) && !type.startsWith('DECIMAL')
    ? `CAST(to_json(${name}) AS VARCHAR)`
    : `CAST(${name} AS VARCHAR)`;
}

function scalarExpression(text: string, steps: readonly Step[]): string {
  return steps.reduce((value, step) => {
    if (step.kind === 'field') return fieldOf(value, step.name);
    if (step.kind === 'element') return `json_extract_string(${json(value)}, ${literal(`$[${step.index}]`)})`;
    if (step.kind === 'part') return `split_part(${value}, ${literal(step.separator)}, ${step.number})`;
    throw new InputError(
      'A path takes the elements of one list only: give one []. Of a list in a list make a row of each element of the outer one first, as in: jq -c .orders[] FILE > rows.jsonl',
    );
  }, text);
}

/** Of values that are no JSON there is nothing to extract. */
function json(text: string): string {
  return `CASE WHEN json_valid(${text}) THEN ${text} END`;
}

function fieldOf(text: string, name: string): string {
  const field = `json_extract_string(${json(text)}, ${literal(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`;
  const entry = `list_filter(json_extract(${text}, '$[*]'), lambda entry: json_extract_string(entry, '/key') = ${literal(name)})[1]`;
  const value = ['/value/string_value', '/value/int_value', '/value/double_value', '/value/float_value', '/value']
    .map((path) => `json_extract_string(${entry}, '${path}')`)
    .join(', ');
  return `CASE WHEN starts_with(ltrim(${text}), '[') AND json_valid(${text}) THEN coalesce(${value}) ELSE ${field} END`;
}

/** A JSON array, else what people separate by bars, semicolons, commas or spaces. */
function elementsOf(text: string): string {
  return `CASE WHEN json_valid(${text}) AND json_type(${json(text)}) = 'ARRAY' THEN json_extract_string(${json(text)}, '$[*]')
    ELSE list_filter(string_split_regex(trim(${text}, ' []'), '[\\s|;,''"]+'), lambda part: part <> '') END`;
}
