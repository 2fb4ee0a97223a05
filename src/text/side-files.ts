/** What SQLite keeps beside a database, by the end of the name (https://sqlite.org/tempfiles.html). */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;
