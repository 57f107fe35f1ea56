/** Providers of every driver: what an environment is made of. Each driver is imported when it is opened, not before. */
export { embeddedBroker } from './providers/embedded-broker.ts';
export { kafka, type KafkaSettings } from './providers/kafka.ts';
export { fileSystemStore } from './providers/file-system-store.ts';
export { minio, type MinioSettings } from './providers/minio.ts';
export { duckDb, type DuckDbSettings } from './providers/duck-db.ts';
export { snowflake, type SnowflakeProviderSettings } from './providers/snowflake.ts';
export { dbt } from './providers/dbt.ts';
export { sqliteRunStore } from './providers/sqlite-run-store.ts';
export { postgresRunStore } from './providers/postgres-run-store.ts';
