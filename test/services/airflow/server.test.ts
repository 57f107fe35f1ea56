import { spawn } from 'node:child_process';
import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startAirflow } from './airflow.ts';
import { airflowPython } from './environments.ts';
import { fixture } from './fixture.ts';
import { processesOf } from './processes.ts';
import { airflowSettings } from './settings.ts';

it('ends with all that it started when the process that started it is killed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'spindle-airflow-'));
  const server = JSON.stringify([await airflowPython('3.3'), fileURLToPath(new URL('airflow-server.py', import.meta.url))]);
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `const [python, script] = ${server};
       require('node:child_process').spawn(python, [script], { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
       setInterval(() => undefined, 1000);`,
    ],
    {
      env: {
        ...process.env,
        ...airflowSettings({ home, dagsFolder: home, ports: { api: 0, workerLogs: 0, triggerLogs: 0 }, parallelism: 1 }),
      },
      stdio: 'ignore',
    },
  );
  // The parent, the server and what migrates the database.
  await expect.poll(() => processesOf(home), { timeout: 60_000 }).toBe(3);

  parent.kill('SIGKILL');

  await expect.poll(() => processesOf(home), { timeout: 30_000 }).toBe(0);
  await expect(access(home)).rejects.toThrow('ENOENT');
});

it('says which component ended, with what it logged', async () => {
  const started = startAirflow({ dagsFolder: fixture('2.9'), env: { AIRFLOW__CORE__EXECUTOR: 'nowhere.Executor' } });
  await expect(started).rejects.toThrow(
    /Airflow failed: scheduler ended with exit code 1[^]*--- scheduler.log[^]*Current value: "::nowhere.Executor"/,
  );
});
