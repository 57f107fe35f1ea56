import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDagBags } from './dag-bag.ts';
import { type AirflowEnvironment } from './environments.ts';
import { fixture } from './fixture.ts';

const OPERATORS: Readonly<Record<AirflowEnvironment, string>> = {
  '3.3': 'from airflow.providers.standard.operators.bash import BashOperator\nfrom airflow.sdk import DAG',
  '3.3-operators': 'from airflow.providers.standard.operators.bash import BashOperator\nfrom airflow.sdk import DAG',
  '2.9': 'from airflow import DAG\nfrom airflow.operators.bash import BashOperator',
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'spindle-dags-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe.each(['3.3', '2.9'] as const)('the DagBag of Airflow %s', (airflow) => {
  it('reports each file that does not import, has a cycle, takes an id twice or misspells an option, beside the DAGs of the others', async () => {
    const folder = await mkdtemp(join(root, 'broken-'));
    const head = OPERATORS[airflow];
    const files = {
      'cycle.py': `${head}\nwith DAG("cycle", schedule=None):\n    a = BashOperator(task_id="a", bash_command="x")\n    b = BashOperator(task_id="b", bash_command="x")\n    a >> b >> a\n`,
      'import.py': 'from airflow.nowhere import Nothing\n',
      'option.py': `${head}\nwith DAG("option", schedule=None):\n    BashOperator(task_id="a", bash_command="x", retry_dely=1)\n`,
      'same.py': `${head}\nwith DAG("same", schedule=None):\n    BashOperator(task_id="a", bash_command="x")\n`,
      'same_again.py': `${head}\nwith DAG("same", schedule=None):\n    BashOperator(task_id="b", bash_command="x")\n`,
      // Airflow's discovery leaves out files without both of its words: the rig does not.
      'syntax.py': 'def (:\n',
    };
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));

    const [bag] = await loadDagBags(airflow, [folder]);

    expect(Object.keys(bag!.dags)).toEqual(['same']);
    expect(Object.keys(bag!.errors).toSorted()).toEqual([
      'cycle.py',
      'import.py',
      'option.py',
      expect.stringMatching(/^same(_again)?\.py$/) as string,
      'syntax.py',
    ]);
    expect(bag!.errors['import.py']).toContain("No module named 'airflow.nowhere'");
    expect(bag!.errors['option.py']).toContain('retry_dely');
    expect(bag!.errors['syntax.py']).toContain('SyntaxError');
  });
});

describe('loadDagBags', () => {
  it('tells what a DAG of 3.3 is made of', async () => {
    const [bag] = await loadDagBags('3.3', [fixture('3.3/orders.py')]);
    expect(bag!.errors).toEqual({});
    const { tasks, ...dag } = bag!.dags['orders']!;
    expect(dag).toMatchObject({
      tags: ['shop', 'spindle'],
      catchup: false,
      dagrun_timeout: 7200,
      max_active_runs: 1,
      start_date: '2026-01-01T00:00:00+00:00',
      timetable: { type: 'CronDataIntervalTimetable', data: { expression: '0 * * * *', timezone: 'UTC' } },
    });
    expect(tasks['shop.orders']).toMatchObject({
      operator: 'BashOperator',
      upstream: ['shop.raw'],
      group: 'shop',
      inlets: [{ name: 'shop.raw', uri: 'spindle://shop/raw' }],
      outlets: [{ name: 'shop.orders', uri: 'spindle://shop/orders' }],
      owner: 'shop',
      retries: 2,
      retry_delay: 1,
      retry_exponential_backoff: 2,
      max_retry_delay: 600,
      trigger_rule: 'none_failed',
      fields: { append_env: true, skip_on_exit_code: [99], env: { SPINDLE_RUN_ID: '{{ run_id }}' } },
    });
  });

  it('tells what a DAG of 2.9 is made of', async () => {
    const [bag] = await loadDagBags('2.9', [fixture('2.9')]);
    expect(bag!.errors).toEqual({});
    expect(bag!.dags['shop']!.tasks['shop.raw']).toMatchObject({
      downstream: ['shop.clean'],
      outlets: [{ name: null, uri: 'spindle://shop/raw' }],
      retry_exponential_backoff: true,
      retry_delay: 1,
    });
    expect(bag!.dags['report']).toMatchObject({
      assets: [{ name: null, uri: 'spindle://shop/raw' }],
      timetable: { type: 'DatasetTriggeredTimetable' },
    });
  });

  it('imports the Docker and Kubernetes operators and Cosmos', async () => {
    const [bag] = await loadDagBags('3.3-operators', [fixture('operators')]);
    expect(bag!.errors).toEqual({});
    expect(Object.values(bag!.dags['operators']!.tasks).map((task) => task.operator)).toEqual(['DockerOperator', 'KubernetesPodOperator']);
  });

  it('parses 200 files in as many folders in one process', async () => {
    const folders = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const folder = await mkdtemp(join(root, 'many-'));
        const tasks = Array.from({ length: 10 }, (__, task) => `    BashOperator(task_id="t${task}", bash_command="x")`);
        await writeFile(join(folder, 'dag.py'), `${OPERATORS['3.3']}\nwith DAG("dag${index}", schedule=None):\n${tasks.join('\n')}\n`);
        return folder;
      }),
    );
    const bags = await loadDagBags('3.3', folders);
    expect(bags.flatMap((bag) => Object.keys(bag.dags))).toEqual(folders.map((_, index) => `dag${index}`));
    expect(bags.flatMap((bag) => Object.keys(bag.errors))).toEqual([]);
  }, 60_000);
});
