import { expect, it } from 'vitest';
import { fixture } from './fixture.ts';
import { renderTemplates } from './render.ts';

const orders = { file: fixture('3.3/orders.py'), dagId: 'orders', taskId: 'shop.raw' };

it('renders the templates of scheduled, partitioned and bare runs', async () => {
  const [scheduled, partitioned, bare] = await renderTemplates('3.3', [
    {
      ...orders,
      tryNumber: 2,
      run: {
        runId: 'scheduled__1',
        logicalDate: '2026-01-01T00:00Z',
        dataIntervalStart: '2026-01-01T00:00Z',
        dataIntervalEnd: '2026-01-01T01:00Z',
      },
    },
    { ...orders, run: { partitionKey: '2026-01-01T00:00Z', runAfter: '2026-01-01T01:00Z' } },
    { ...orders, run: {} },
  ]);
  expect(scheduled).toMatchObject({
    fields: {
      env: { SPINDLE_RUN_ID: 'scheduled__1', SPINDLE_TRY: '2', SPINDLE_MAX_TRIES: '2', SPINDLE_WINDOW_START: '2026-01-01T00:00:00+00:00' },
    },
  });
  expect(partitioned).toMatchObject({
    fields: { env: { SPINDLE_PARTITION: '2026-01-01T00:00Z', SPINDLE_RUN_AFTER: '2026-01-01T01:00:00+00:00', SPINDLE_WINDOW_START: '' } },
  });
  expect(bare).toMatchObject({ fields: { env: { SPINDLE_PARTITION: '', SPINDLE_WINDOW_START: '' } } });
});

it('tells of a name that the run does not have', async () => {
  const file = fixture('3.3/unsafe.py');
  const unsafe = { file, dagId: 'unsafe', taskId: 'unsafe' };
  const [without, withDate] = await renderTemplates('3.3', [
    { ...unsafe, run: {} },
    { ...unsafe, run: { logicalDate: '2026-01-01T00:00Z', dataIntervalStart: '2026-01-01T00:00Z' } },
  ]);
  expect(without).toEqual({ error: "UndefinedError: 'data_interval_start' is undefined" });
  expect(withDate).toMatchObject({ fields: { bash_command: 'echo 2026-01-01' } });
});

it('renders one instance of a mapped task', async () => {
  const [second] = await renderTemplates('3.3', [
    { file: fixture('3.3/mapped.py'), dagId: 'mapped', taskId: 'each', mapIndex: 1, run: {} },
  ]);
  expect(second).toMatchObject({ fields: { env: { KEY: 'b' } } });
});

it('renders on 2.9, where partitions are unknown', async () => {
  const file = fixture('2.9/shop.py');
  const [raw, report] = await renderTemplates('2.9', [
    { file, dagId: 'shop', taskId: 'shop.raw', run: { runId: 'r', logicalDate: '2026-01-01T00:00Z' } },
    { file, dagId: 'report', taskId: 'report', run: {} },
  ]);
  expect(raw).toMatchObject({ fields: { env: { SPINDLE_RUN_ID: 'r', SPINDLE_WINDOW_START: '2026-01-01T00:00:00+00:00' } } });
  expect(report).toEqual({ error: "UndefinedError: 'partition_key' is undefined" });
});
