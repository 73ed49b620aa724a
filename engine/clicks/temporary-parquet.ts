/** Of files that no other stage reads: fast rather than small. */
export const TEMPORARY_PARQUET = 'FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880';
