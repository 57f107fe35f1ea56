import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type AirflowEnvironment, airflowPython } from './environments.ts';

/** Runs one of the Python scripts beside this file in an Airflow, without a database: JSON in, JSON out. Fails with what Python said. */
export async function ask(environment: AirflowEnvironment, script: string, request: unknown): Promise<unknown> {
  const python = await airflowPython(environment);
  const child = spawn(python, [fileURLToPath(new URL(script, import.meta.url))], {
    stdio: 'pipe',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  child.stdin.on('error', () => undefined); // the exit code tells
  child.stdin.end(JSON.stringify(request));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${script} on Airflow ${environment} ended with ${String(code)}:\n${stderr.slice(-4000)}`);
  return JSON.parse(stdout);
}
