import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { currentProcess, formatIdentity } from '../../../src/drivers/disk/process-identity.ts';
import { openPostgresRunStore } from '../../../src/drivers/run-store/postgres.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { runStoreContract } from '../../../src/testing/contract/run-store.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();
let schemas = 0;

runStoreContract(
  { describe, it, expect },
  {
    async open() {
      schemas += 1;
      const options = { url: server.url(), schema: `contract_${schemas}`, faults: noFaults };
      let store = await openPostgresRunStore(options);
      return {
        value: store,
        async reopen() {
          await store.close();
          store = await openPostgresRunStore(options);
          return store;
        },
        close: () => store.close(),
      };
    },
    endedProcess: formatIdentity({ ...currentProcess(), pid: spawnSync(process.execPath, ['--version']).pid }),
  },
);
