import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOLDEN } from '../../codegen/airflow/golden.ts';
import { SCENARIOS } from '../../codegen/airflow/scenarios/index.ts';
import { loadDagBags, type DagBag } from './dag-bag.ts';
import type { AirflowEnvironment } from './environments.ts';
import { inProject } from './in-project.ts';

inProject();

/** Scenarios whose files import what is beside Airflow. */
const OPERATORS = new Set(['docker', 'kubernetes', 'dbt-cosmos']);
const names = Object.keys(SCENARIOS);
const ofTarget29 = names.filter((name) => SCENARIOS[name]?.project.airflow.target === '2.9');

const folderOf = (name: string): string => join(GOLDEN, name, 'dags');
const filesOf = async (name: string) => (await readdir(folderOf(name))).filter((file) => file.endsWith('.py')).toSorted();

/** A DAG for each file, and no error. */
async function expectLoaded(airflow: AirflowEnvironment, scenarios: readonly string[]): Promise<void> {
  const bags = await loadDagBags(airflow, scenarios.map(folderOf));
  const read = (bag: DagBag) => ({ dags: Object.keys(bag.dags).map((id) => `${id}.py`), errors: bag.errors });
  const expected = await Promise.all(scenarios.map(async (name) => [name, { dags: await filesOf(name), errors: {} }] as const));
  expect(Object.fromEntries(scenarios.map((name, index) => [name, read(bags[index]!)]))).toEqual(Object.fromEntries(expected));
}

describe('the files of the scenarios', () => {
  it('load in Airflow 3.3', () =>
    expectLoaded(
      '3.3',
      names.filter((name) => !OPERATORS.has(name)),
    ));

  it('load in Airflow 3.3 with the Docker and Kubernetes operators and Cosmos', () => expectLoaded('3.3-operators', [...OPERATORS]));

  it('of target 2.9 load in Airflow 2.9', () => {
    expect(ofTarget29.length).toBeGreaterThan(0);
    return expectLoaded('2.9', ofTarget29);
  });

  describe('broken', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'spindle-golden-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each(['3.3', '2.9'] as const)('are reported by Airflow %s', async (airflow) => {
      const [file] = await filesOf('target-2-9');
      await copyFile(join(folderOf('target-2-9'), file!), join(folder, 'whole.py'));
      await writeFile(join(folder, 'broken.py'), 'from airflow.sdk import DAG\nDAG("broken", schedule=NOTHING)\n');
      const [bag] = await loadDagBags(airflow, [folder]);
      expect(Object.keys(bag!.errors)).toEqual(['broken.py']);
      expect(Object.keys(bag!.dags)).toHaveLength(1);
    });
  });
});
