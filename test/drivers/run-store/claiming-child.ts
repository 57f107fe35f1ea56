import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openSqliteRunStore } from '../../../src/drivers/run-store/sqlite.ts';
import { asset, materialize, partitions, value } from '../../../src/runtime/index.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';

/** Materializes two assets whose steps take some time, and notes when each began and ended; prints the events that matter. */
const [directory = '', milliseconds = '0'] = process.argv.slice(2);
const note = (step: string, what: string) => appendFileSync(`${directory}/notes`, `${process.pid} ${step} ${what} ${Date.now()}\n`);
const work = async (step: string) => {
  note(step, 'began');
  await setTimeout(Number(milliseconds));
  note(step, 'ended');
  return step;
};

const whole = asset('whole', { store: value<string>() }).run(() => work('whole'));
const days = asset('days', { store: value<string>(), partitions: partitions.daily({ start: '2026-01-01', timezone: 'UTC' }) }).run(
  (_, { partition }) => work(partition.key),
);
const runStore = await openSqliteRunStore({ path: `${directory}/runs.db`, faults: noFaults });
const run = await materialize([whole, days], {
  resources: { lake: await openFileSystemStore({ directory: `${directory}/lake`, faults: noFaults }) },
  runStore,
  select: 'whole,days',
  listen(event) {
    if (event.type === 'step.waiting') process.stdout.write(`${event.asset} ${event.partition ?? ''}: waits for ${event.holder}\n`);
  },
  partition: '2026-01-01..2026-01-03',
});
await runStore.close();
process.exitCode = run.ok ? 0 : 1;
