import { describe, expect, it } from 'vitest';
import { asset, defineProject, job, value, type AirflowSettings } from 'spindle';
import { production } from './environment.ts';
import { generateScenario } from './generate-scenario.ts';

const projectWith = (airflow: AirflowSettings, ofJob: object = {}) =>
  defineProject({
    name: 'shop',
    assets: [asset('rates', { store: value<number>() }).run(() => 1)],
    jobs: [job('rates', { select: 'rates', airflow: ofJob })],
    environments: { production },
    airflow,
  });
const native = { experimental: { nativeTasks: true } };

describe('native tasks', () => {
  it.each([{}, { experimental: {} }, { experimental: { nativeTasks: false } }])('are off with %j', async (airflow) => {
    const { files, ledger } = await generateScenario({ project: projectWith(airflow) });
    const { files: plain } = await generateScenario({ project: projectWith({}) });
    expect(files).toEqual(plain);
    expect(files.map(({ path }) => path)).not.toContain('airflow/native-tasks.json');
    expect(ledger.entries.map(({ feature }) => feature)).not.toContain('job.native-tasks');
  });

  it('have no command in the DAG file: it is in a file beside the DAGs', async () => {
    const { files } = await generateScenario({ project: projectWith(native) });
    const textOf = (path: string) => files.find((file) => file.path === path)!.text;
    expect(textOf('airflow/dags/shop__rates.py')).not.toContain('materialize --airflow');
    expect(JSON.parse(textOf('airflow/native-tasks.json'))).toMatchObject({
      dags: {
        shop__rates: {
          environment: 'production',
          tasks: {
            rates: {
              arguments: ['materialize', '--airflow', '--select=rates'],
              outlets: [{ key: 'rates', name: 'shop/rates', uri: 'spindle://shop/rates' }],
            },
          },
        },
      },
    });
  });

  it('are named by the ledger as an experiment', async () => {
    const { ledger } = await generateScenario({ project: projectWith(native) });
    const entry = ledger.entries.find(({ feature }) => feature === 'job.native-tasks');
    expect(entry).toMatchObject({ support: 'emulated', how: expect.stringContaining('private base class') as string });
  });

  it.each([
    [{ ...native, target: '2.9' } as const, {}],
    [{ ...native, operator: 'docker' } as const, {}],
    [{ ...native, onFailure: 'company.alerts.notify' }, {}],
    [native, { onFailure: 'company.alerts.notify' }],
  ])('are refused with %j and, in a job, %j', async (airflow, ofJob) => {
    const failed = generateScenario({ project: projectWith(airflow, ofJob) });
    await expect(failed).rejects.toMatchObject({ code: 'EXPORT_INVALID', message: expect.stringContaining('NATIVE_TASKS') as string });
  });
});
