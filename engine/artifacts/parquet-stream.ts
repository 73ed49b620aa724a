import type { ColumnChunk, Encoding, ParquetType, RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** A column of a flat table; any of its values may be missing. */
export interface ParquetColumn {
  name: string;
  type: 'text' | 'integer' | 'decimal';
}

/** A page of a column, encoded and compressed; its levels and values as Parquet's DATA_PAGE has them. */
export interface ParquetPage {
  kind: 'dictionary' | 'coded' | 'plain';
  bytes: Uint8Array;
  /** Before compression. */
  rawBytes: number;
  valueCount: number;
}

/** What bytes are written to, one after the other. They are not changed afterwards. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

const TYPES: Record<ParquetColumn['type'], ParquetType> = { text: 'BYTE_ARRAY', integer: 'INT64', decimal: 'DOUBLE' };
const MOST_PAGE_HEADER_BYTES = 64;
const MAGIC = Uint8Array.of(0x50, 0x41, 0x52, 0x31);

/** Writes a Parquet file whose pages are made elsewhere, row group by row group. Text is compressed with Snappy. */
export class ParquetStream {
  private readonly rowGroups: RowGroup[] = [];
  private readonly columns: readonly ParquetColumn[];
  private readonly sink: ByteSink;
  private offset = 0;
  private rowCount = 0;

  constructor(sink: ByteSink, columns: readonly ParquetColumn[]) {
    this.sink = sink;
    this.columns = columns;
  }

  /** @param pages of each column. */
  async writeRowGroup(rowCount: number, pages: readonly (readonly ParquetPage[])[]): Promise<void> {
    if (this.offset === 0) await this.write(MAGIC);
    const sizes = pages.flat().map(({ bytes }) => bytes.length + MOST_PAGE_HEADER_BYTES);
    const writer = new ByteWriter(sizes.reduce((sum, size) => sum + size, 0));
    const start = this.offset;
    const columns = this.columns.map((column, i) => this.chunkOf(column, rowCount, pages[i], writer, start));
    await this.write(writer.getBytes());
    this.rowGroups.push({
      columns,
      num_rows: BigInt(rowCount),
      total_byte_size: columns.reduce((sum, { meta_data: meta }) => sum + meta!.total_uncompressed_size, 0n),
      total_compressed_size: BigInt(this.offset - start),
    });
    this.rowCount += rowCount;
  }

  async end(): Promise<void> {
    if (this.offset === 0) await this.write(MAGIC);
    const root: SchemaElement = { name: 'root', num_children: this.columns.length };
    const schema = this.columns.map(
      ({ name, type }): SchemaElement => ({
        name,
        repetition_type: 'OPTIONAL',
        type: TYPES[type],
        ...(type === 'text' && { converted_type: 'UTF8' }),
      }),
    );
    const writer = new ByteWriter();
    writeMetadata(writer, {
      version: 2,
      created_by: 'alike',
      schema: [root, ...schema],
      num_rows: BigInt(this.rowCount),
      row_groups: this.rowGroups,
      metadata_length: 0,
    });
    writer.appendBytes(MAGIC);
    await this.write(writer.getBytes());
  }

  private async write(bytes: Uint8Array): Promise<void> {
    await this.sink.write(bytes);
    this.offset += bytes.length;
  }

  private chunkOf(
    { name, type }: ParquetColumn,
    rowCount: number,
    pages: readonly ParquetPage[],
    writer: ByteWriter,
    groupStart: number,
  ): ColumnChunk {
    const start = groupStart + writer.offset;
    let dataStart: number | undefined;
    let uncompressed = 0;
    const encodings = new Set<Encoding>(['RLE']);
    for (const { kind, bytes, rawBytes, valueCount } of pages) {
      const pageStart = writer.offset;
      const encoding = kind === 'coded' ? 'RLE_DICTIONARY' : 'PLAIN';
      encodings.add(encoding);
      if (kind !== 'dictionary') dataStart ??= groupStart + pageStart;
      writePageHeader(writer, {
        type: kind === 'dictionary' ? 'DICTIONARY_PAGE' : 'DATA_PAGE',
        uncompressed_page_size: rawBytes,
        compressed_page_size: bytes.length,
        ...(kind === 'dictionary'
          ? { dictionary_page_header: { num_values: valueCount, encoding } }
          : {
              data_page_header: {
                num_values: valueCount,
                encoding,
                definition_level_encoding: 'RLE',
                repetition_level_encoding: 'RLE',
              },
            }),
      });
      uncompressed += writer.offset - pageStart + rawBytes;
      writer.appendBytes(bytes);
    }
    return {
      meta_data: {
        type: TYPES[type],
        encodings: Array.from(encodings),
        path_in_schema: [name],
        codec: type === 'text' ? 'SNAPPY' : 'UNCOMPRESSED',
        num_values: BigInt(rowCount),
        total_compressed_size: BigInt(groupStart + writer.offset - start),
        total_uncompressed_size: BigInt(uncompressed),
        data_page_offset: BigInt(dataStart ?? start),
        ...(pages[0]?.kind === 'dictionary' && { dictionary_page_offset: BigInt(start) }),
      },
      file_offset: BigInt(start),
    };
  }
}
