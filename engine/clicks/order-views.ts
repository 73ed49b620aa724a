import type { Columns } from '../artifacts/training-request.ts';
import { idExpression, orderExpression, timeExpression } from './click-columns.ts';
import type { Database } from './database.ts';
import { literal } from './sql.ts';

/** The views of all sessions of two or more, session by session, oldest first, as numbers. */
export interface OrderedViews {
  /** (viewCount) ascending. */
  sessionNumbers: Int32Array;
  /** (viewCount) */
  productNumbers: Int32Array;
  /** Session number → id, ordered by start time where there is one, then by first appearance in the file. */
  sessionIds: string[];
  /** Session number → milliseconds since the epoch; undefined when the clickstream has no time. */
  startTimesMs: Float64Array | undefined;
  /** Session number → of its last view; likewise. */
  endTimesMs: Float64Array | undefined;
  /** Views with the same order, or without an order the same time, as the view before: the file alone says what came first. */
  tiedViews: number;
  /** Product number → id, in the order of first appearance in the file. */
  productIds: string[];
  /** Of the whole clickstream, sessions of one view included. */
  totals: { sessions: number; products: number };
}

/**
 * Orders the clickstream with DuckDB, which sorts out of memory where it must. Inside a session the `order` column
 * decides, else the time; equal ones keep the order of the file.
 */
export async function orderViews(database: Database, parquetPath: string, columns: Columns): Promise<OrderedViews> {
  const time = columns.time === undefined ? 'NULL::DOUBLE' : timeExpression(columns.time);
  const position = columns.order === undefined ? time : orderExpression(columns.order);
  await database.run(
    `CREATE TEMP TABLE views AS SELECT ${idExpression(columns.session)} AS session, ${idExpression(columns.product)} AS product,
       ${time} AS time, ${position} AS position, file_row_number AS row
     FROM read_parquet(${literal(parquetPath)}, file_row_number = true);
     CREATE TEMP TABLE products AS SELECT product, (row_number() OVER (ORDER BY min(row)) - 1)::INTEGER AS number
       FROM views GROUP BY product;
     CREATE TEMP TABLE sessions AS SELECT session, min(time) AS start, max(time) AS "end",
         (row_number() OVER (ORDER BY min(time), min(row)) - 1)::INTEGER AS number
       FROM views GROUP BY session HAVING count(*) > 1`,
  );
  const [totals] = await database.rows(
    `SELECT (SELECT count(DISTINCT session)::INTEGER FROM views) AS sessions, (SELECT count(*)::INTEGER FROM products) AS products,
       (SELECT count(*)::INTEGER FROM views SEMI JOIN sessions USING (session)) AS views`,
  );

  const viewCount = Number(totals['views']);
  const sessionNumbers = new Int32Array(viewCount);
  const productNumbers = new Int32Array(viewCount);
  let end = 0;
  let tiedViews = 0;
  let previousSession = -1;
  let previousPosition = 0;
  const ordered = database.numericChunks(
    `SELECT sessions.number, products.number, views.position FROM views JOIN sessions USING (session) JOIN products USING (product)
     ORDER BY sessions.number, views.position, views.row`,
  );
  for await (const [sessions, products, positions] of ordered) {
    sessionNumbers.set(sessions, end);
    productNumbers.set(products, end);
    for (let i = 0; i < sessions.length; i++) {
      if (sessions[i] === previousSession && positions[i] === previousPosition) tiedViews++;
      previousSession = sessions[i];
      previousPosition = positions[i];
    }
    end += sessions.length;
  }

  const sessionIds = await database.strings('SELECT session FROM sessions ORDER BY number');
  return {
    sessionNumbers,
    productNumbers,
    sessionIds,
    ...(columns.time === undefined
      ? { startTimesMs: undefined, endTimesMs: undefined }
      : await timesOf(database, sessionIds.length)),
    tiedViews,
    productIds: await database.strings('SELECT product FROM products ORDER BY number'),
    totals: { sessions: Number(totals['sessions']), products: Number(totals['products']) },
  };
}

async function timesOf(database: Database, sessionCount: number) {
  const startTimesMs = new Float64Array(sessionCount);
  const endTimesMs = new Float64Array(sessionCount);
  let session = 0;
  for await (const [starts, ends] of database.numericChunks('SELECT start, "end" FROM sessions ORDER BY number')) {
    startTimesMs.set(starts, session);
    endTimesMs.set(ends, session);
    session += starts.length;
  }
  return { startTimesMs, endTimesMs };
}
