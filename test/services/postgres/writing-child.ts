import { setTimeout } from 'node:timers/promises';
import { openPostgresRunStore } from '../../../src/drivers/run-store/postgres.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import type { Claim, RunStore } from '../../../src/runtime/resource/run-store.ts';

/** Writes a run of its own and a part of a run that all writers share, about the same few assets; with `claims` also what one writer at a time may do. */
const [url = '', schema = '', writer = '', rounds = '0', claims = ''] = process.argv.slice(2);
const at = '2024-01-01T00:00:00.000Z';
const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1 };
const own = { run: writer, at };
const shared = { run: 'shared', part: writer, at };
const error = { code: 'ASSET_FAILED', message: 'no', transient: false } as const;
const versions = { codeVersion: 'c', configVersion: 'f', inputs: {}, milliseconds: 1, metadata: {} };

function round(n: number): readonly (readonly RunEvent[])[] {
  const asset = `asset${n % 3}`;
  const partition = `p${n % 2}`;
  const version = `${writer} ${n}`;
  return [
    [{ type: 'log', ...own, asset, message: String(n) }],
    [
      { type: 'asset.materialized', ...own, asset, version, ...versions },
      {
        type: 'check.finished',
        ...own,
        asset,
        check: `c${n % 2}`,
        passed: true,
        blocking: true,
        severity: 'error',
        version,
        milliseconds: 1,
        metadata: {},
      },
    ],
    [{ type: 'asset.observed', ...shared, asset, version }],
    [{ type: 'step.failed', ...shared, asset, partition, attempt: n, error, milliseconds: 1 }],
    [{ type: 'asset.materialized', ...shared, asset, partition, version, ...versions }],
    [{ type: n % 3 === 0 ? 'partitions.removed' : 'partitions.added', ...own, name: 'user', keys: [`k${n % 5}`, `k${n % 7}`] }],
    [{ type: 'automation.fired', ...own, subject: asset, why: version }],
    [{ type: 'step.skipped', ...shared, asset, partition, cause: 'fresh', reason: version }],
  ];
}

async function alone(store: RunStore, work: () => Promise<void>): Promise<void> {
  const claim: Claim = { name: 'critical', part: '', whole: true, run: writer };
  while ((await store.claim(claim)) !== undefined) await setTimeout(5);
  await work();
  await store.release(writer, claim);
}

const store = await openPostgresRunStore({ url, schema, faults: noFaults });
process.stdout.write('open\n');
const note = (message: string) => store.append([{ type: 'log', ...own, asset: 'critical', message }]);
await store.append([
  { type: 'run.started', ...own, ...title },
  { type: 'run.started', ...shared, ...title },
]);
for (let n = 0; n < Number(rounds); n += 1) {
  const appended = round(n).map((events) => store.append(events)); // none is waited for before the next
  if (claims !== '' && n % 10 === 0) {
    await alone(store, async () => {
      await note('in');
      await note('out');
    });
  }
  if (n % 4 === 0) await Promise.all(appended);
}
await store.append([
  { type: 'run.finished', ...own, status: 'succeeded', milliseconds: 1 },
  { type: 'run.finished', ...shared, status: 'succeeded', milliseconds: 1 },
]);
await store.close();
