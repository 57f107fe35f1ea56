import { createInterface } from 'node:readline';
import { currentProcess, formatIdentity } from '../../../src/drivers/disk/process-identity.ts';
import { openPostgresRunStore } from '../../../src/drivers/run-store/postgres.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';

/** Starts a run, or a part of one; then claims and releases what its standard input names, and answers each line with what came of it. */
const [url = '', run = '', part] = process.argv.slice(2);
const holder = part === undefined ? run : `${run}/${part}`;
const store = await openPostgresRunStore({ url, schema: 'spindle', faults: noFaults });
const identity = formatIdentity(currentProcess());
const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1, process: identity };
await store.append([
  { type: 'run.started', run, ...(part !== undefined && { part }), at: '2024-01-01T00:00:00.000Z', ...title },
  { type: 'log', run, ...(part !== undefined && { part }), at: '2024-01-01T00:00:05.000Z', asset: 'a', message: 'alive' },
]);
process.stdout.write(`${identity}\n`);
for await (const line of createInterface(process.stdin)) {
  const [what, name = ''] = line.split(' ');
  const claim = { name, part: '', whole: true, run: holder };
  try {
    const answer = what === 'claim' ? ((await store.claim(claim))?.run ?? 'given') : await store.release(holder, claim);
    process.stdout.write(`${answer ?? 'released'}\n`);
  } catch (error) {
    const { code, transient, message } = error as Error & { code: string; transient: boolean };
    process.stdout.write(`${code} ${transient} ${message}\n`);
  }
}
await store.close();
