import { dbt, duckDb, embeddedBroker, fileSystemStore, kafka, minio, postgresRunStore, snowflake, sqliteRunStore } from 'spindle/drivers';

/** Everything on this machine, under `.spindle/local`: no server is needed. */
export const local = {
  broker: embeddedBroker(),
  lake: fileSystemStore(),
  warehouse: duckDb({ memoryLimit: '256MB' }),
  transformer: dbt(),
  runStore: sqliteRunStore(),
};

/** The servers of docker-compose.yml, and DuckDB in a volume that the tasks of Airflow share. */
export const composeDuckDb = {
  broker: kafka(),
  lake: minio(),
  warehouse: duckDb({ memoryLimit: '1GB' }),
  transformer: dbt(),
  runStore: postgresRunStore(),
};

/** The same servers, and Snowflake, which the tasks of Airflow reach from any host. */
export const composeSnowflake = {
  broker: kafka(),
  lake: minio(),
  warehouse: snowflake({ database: 'SPOTIFY_DB' }),
  transformer: dbt(),
  runStore: postgresRunStore(),
};
