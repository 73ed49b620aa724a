import { InputError } from '../errors.ts';
import { uniqueNames } from './csv-header.ts';
import type { Database } from './database.ts';
import { JOIN_SKIPPED_RECORDS } from './record-numbers.ts';
import type { SourceFile } from './source-file.ts';
import { identifier, literal } from './sql.ts';
import { readRecords, WHOLE_LINES } from './text-records.ts';

/**
 * One column of whole lines first: DuckDB's JSON reader stops at the first bad line, and a bad line is only one row.
 *
 * @throws InputError when no line is an object.
 */
export async function readJsonLines(
  database: Database,
  file: SourceFile,
  requiredColumns: readonly string[],
): Promise<SourceFile> {
  const readFile = await readRecords(database, file, 'json_text', "{'text': 'VARCHAR'}", WHOLE_LINES);
  await database.run(
    `CREATE TEMP TABLE json_lines AS
       SELECT text, row_number() OVER () AS position,
         coalesce(json_type(CASE WHEN json_valid(text) THEN text END) = 'OBJECT', false) AS is_object
       FROM json_text;
     DROP TABLE json_text;
     INSERT INTO rejected_rows
       SELECT DISTINCT ON (line) ${literal(file.name)}, line, NULL, lower(error_type) || ': ' || error_message, csv_line FROM reject_errors;
     INSERT INTO skipped_records SELECT DISTINCT line FROM reject_errors;
     CREATE TEMP TABLE not_objects AS SELECT position + coalesce(skipped, 0) AS record, text
       FROM (SELECT * FROM json_lines WHERE NOT is_object) ${JOIN_SKIPPED_RECORDS};
     INSERT INTO rejected_rows
       SELECT ${literal(file.name)}, record, NULL, 'is not a JSON object', text FROM not_objects WHERE trim(text) <> '';
     INSERT INTO skipped_records SELECT record FROM not_objects;
     DROP TABLE not_objects`,
  );
  const keys = await database.strings(
    `SELECT key FROM (SELECT unnest(json_keys(text)) AS key, generate_subscripts(json_keys(text), 1) AS place, position
       FROM json_lines WHERE is_object)
     GROUP BY key ORDER BY min((position, place))`,
  );
  if (keys.length === 0) throw new InputError(`${file.name} has no line that is a JSON object with fields.`);
  const names = uniqueNames(keys, requiredColumns);
  const values = keys.map((key, i) => {
    // A JSON pointer: ~ and / are the only characters that it escapes.
    const pointer = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return `json_extract_string(text, ${literal(pointer)}) AS ${identifier(names[i])}`;
  });
  await database.run(
    `CREATE TABLE incoming AS SELECT ${values.join(', ')} FROM json_lines WHERE is_object; DROP TABLE json_lines`,
  );
  return readFile;
}
