import { dbt, duckDb, embeddedBroker, fileSystemStore, sqliteRunStore } from 'spindle/drivers';

/** Everything on this machine, under `.spindle/local`: no server is needed. */
export const local = {
  broker: embeddedBroker(),
  lake: fileSystemStore(),
  warehouse: duckDb({ memoryLimit: '256MB' }),
  transformer: dbt(),
  runStore: sqliteRunStore(),
};
