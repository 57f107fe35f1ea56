import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { binaries } from '../../postgres/server.ts';
import { seconds } from '../configuration.ts';
import type { Instance, Place } from './place.ts';
import type { Program, Running } from './running.ts';

const run = promisify(execFile);

/** Waits until the health check of the service passes, as long as the engine would; at once where it has none. Fails where the service ends. */
export async function untilHealthy(
  instance: Instance,
  place: Place,
  { program, running, signal }: { readonly program: Program; readonly running: Running; readonly signal: AbortSignal },
): Promise<void> {
  const { healthcheck } = instance.service;
  if (healthcheck === undefined) return;
  const [kind, ...words] = healthcheck.test;
  if (kind !== 'CMD') throw new Error(`The rehearsal runs no health check of the kind ${kind}: ${instance.id}.`);
  const check = words.map((word) => place.translate(word, instance));
  const patience = seconds(healthcheck.start_period) + healthcheck.retries * seconds(healthcheck.interval);
  const end = performance.now() + patience * 1000;
  for (let wrong = ''; ; await delay(200, undefined, { signal })) {
    if (running.ending() !== undefined) throw new Error(`${instance.id} ended with ${running.ending()}:\n${running.log()}`);
    wrong = await failureOf(check, { program, timeout: seconds(healthcheck.timeout) * 1000 });
    if (wrong === '') return;
    if (performance.now() > end) throw new Error(`${instance.id} was not healthy after ${patience} s: ${wrong}\n${running.log()}`);
  }
}

/** Runs the check's own command; empty where it passes. What an image has of its own is called where it is on this machine. */
async function failureOf(
  [file = '', ...args]: readonly string[],
  { program, timeout }: { readonly program: Program; readonly timeout: number },
): Promise<string> {
  try {
    if (file === 'curl' || file === 'wget') return await failureOfRequest(args.at(-1) ?? '', timeout);
    await run(file === 'pg_isready' ? join(binaries(), file) : file === 'node' ? process.execPath : file, args, {
      env: program.env,
      cwd: program.cwd,
      timeout,
    });
    return '';
  } catch (error) {
    return String(error);
  }
}

/** Both ask for the page, and pass where it is there. */
async function failureOfRequest(url: string, timeout: number): Promise<string> {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(timeout) });
  return ok ? '' : `${url} answered ${status}`;
}
