import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import type { Chunk, Database } from '../../../engine/clicks/database.ts';
import { readFunctionMemoryMb } from '../configuration.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';

/** The rest is for Node and for what DuckDB does not count. */
const SHARE_OF_MEMORY = 0.4;
/** Of a Lambda with two vCPUs: more would not make it faster, and a run on a large machine stays under 3 GB. */
const MOST_MEMORY_MB = 3_538;

/**
 * Opens an in-memory DuckDB that spills into a folder of its own beyond a share of the memory, hands it and the folder to `use`, and removes both.
 * Insertion order is kept, so a query without ORDER BY answers in the order of the file.
 */
export async function withDatabase<T>(use: (database: Database, folder: string) => Promise<T>): Promise<T> {
  const folder = await makeTemporaryFolder();
  try {
    return await withConnection(folder, (connection) => use(wrap(connection), folder));
  } finally {
    await removeTemporaryFolder(folder);
  }
}

async function withConnection<T>(folder: string, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(availableParallelism()),
    memory_limit: `${memoryLimitMb()}MB`,
    temp_directory: join(folder, 'spill'),
    // DuckDB would fetch extensions from the network; everything it needs here is linked in.
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    // Whatever a file or a setting makes of a query: it reaches the files of this folder, and nothing else.
    await connection.run(`SET allowed_directories = ['${folder.replaceAll("'", "''")}']`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return await use(connection);
  } finally {
    // An open connection would keep all of the database's memory.
    connection.closeSync();
    instance.closeSync();
  }
}

function memoryLimitMb(): number {
  const memoryMb = readFunctionMemoryMb() ?? process.availableMemory() / 2 ** 20;
  return Math.floor(Math.min(memoryMb, MOST_MEMORY_MB) * SHARE_OF_MEMORY);
}

function wrap(connection: DuckDBConnection): Database {
  return {
    async run(sql) {
      await connection.run(sql);
    },
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJson() as Record<string, string | number | boolean | null>[];
    },
    async *chunks(sql) {
      const result = await connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield wrapChunk(chunk);
      }
    },
  };
}

/** EF BB BF, as the first bytes of a word. */
const BYTE_ORDER_MARK = 0xbf_bb_ef;

/** The vectors' own memory: node-api has no typed accessor for a whole column yet. */
function wrapChunk(chunk: DuckDBDataChunk): Chunk {
  const { rowCount } = chunk;
  return {
    rowCount,
    texts(column) {
      const vector = chunk.getColumnVector(column);
      const { buffer, byteOffset } = (vector as unknown as { dataView: DataView }).dataView;
      const words = new Uint32Array(buffer, byteOffset, rowCount * 4);
      const at = (row: number) => {
        const text = vector.getItem(row) as string;
        // Its decoder drops a byte order mark at the start.
        return (words[row * 4 + 1] & 0xff_ffff) === BYTE_ORDER_MARK ? `\ufeff${text}` : text;
      };
      return { words, at };
    },
    halves(column) {
      const { items } = chunk.getColumnVector(column) as unknown as { items: BigUint64Array };
      return new Uint32Array(items.buffer, items.byteOffset, rowCount * 2);
    },
    numbers(column) {
      const { items } = chunk.getColumnVector(column) as unknown as { items: Float64Array };
      return items.subarray(0, rowCount);
    },
  };
}
