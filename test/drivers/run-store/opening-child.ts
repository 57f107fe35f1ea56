import { openPostgresRunStore } from '../../../src/drivers/run-store/postgres.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';

/** Opens a Postgres run store and prints what went wrong. */
await openPostgresRunStore({ url: 'postgresql://127.0.0.1:1/db', schema: 'spindle', faults: noFaults }).catch((error: unknown) => {
  const { code, message, remedy } = error as Error & { readonly code: string; readonly remedy: string };
  process.stdout.write(JSON.stringify({ code, message, remedy }));
});
