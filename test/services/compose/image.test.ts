import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startCliOf } from '../../cli/run-cli.ts';
import { layOut } from './rehearsal/image.ts';

it('the images hold whatever DAGs were generated before, also those for Snowflake, which come without pools', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [checkout, image] = [join(folder, 'checkout'), join(folder, 'image')];
  layOut(checkout);
  expect(existsSync(join(checkout, 'airflow/pools.json'))).toBe(true);

  const args = ['generate', 'airflow', '--env', 'compose-snowflake'];
  expect(await startCliOf(join(checkout, 'bin/spindle.js'), { cwd: checkout, args, env: {} }).ended).toMatchObject({ exit: 0 });
  layOut(image, checkout);
  const held = ['dags/spotify__pipeline.py', 'initialize.sh', 'ledger.json', 'pools.json'];
  expect(held.filter((name) => existsSync(join(image, 'airflow', name)))).toEqual(held.slice(0, -1));
});
