import { openPostgresRunStore } from '../../../src/drivers/run-store/postgres.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';

/** The run store in the schema `spindle` of a database. */
export const openAt = (url: string, schema = 'spindle') => openPostgresRunStore({ url, schema, faults: noFaults });

export const observed = (asset: string, version: string, run = 'r'): RunEvent => ({
  type: 'asset.observed',
  run,
  at: '2024-01-01T00:00:00.000Z',
  asset,
  version,
});
