import { readFile, readdir } from 'node:fs/promises';

/** How many processes have `AIRFLOW_HOME` set to the folder. */
export async function processesOf(home: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''); // it may have ended
    return environment.split('\0').includes(`AIRFLOW_HOME=${home}`);
  });
  return (await Promise.all(found)).filter(Boolean).length;
}
