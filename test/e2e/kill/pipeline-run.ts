import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A state folder of its own, over the pipeline of a repository that is built. */
export interface Rig {
  /** The repository. */
  readonly root: string;
  /** What SPINDLE_STATE names. */
  readonly state: string;
  /** Of both generators: how many events they make in a span, and its length. */
  readonly events: number;
  readonly span: string;
}

export interface RunRequest {
  /** An ISO instant. */
  readonly now: string;
  /** All of the pipeline unless given. */
  readonly select?: string;
  /** What SPINDLE_FAULT says. */
  readonly fault?: string;
  /** SIGKILL after so many milliseconds. */
  readonly killAfter?: number;
}

/** How a run of the command line ended. */
export interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What the fault log says, such as `produce.after-append@2`; undefined where the fault was not reached. */
  readonly hit: string | undefined;
  readonly output: string;
  readonly errors: string;
  readonly milliseconds: number;
}

/** Longer than anything that a child of a killed process may take to notice it. */
const ORPHAN_PATIENCE = 10_000;

/** Runs `spindle materialize --json`; resolves once it and every process that it started are gone, and rejects where one of them stays. */
export async function runPipeline(rig: Rig, request: RunRequest): Promise<RunEnd> {
  const log = join(rig.state, 'fault.log');
  rmSync(log, { force: true });
  const started = performance.now();
  const child = spawn(process.execPath, argumentsOf(rig, request), {
    cwd: rig.root,
    detached: true, // a process group of its own, by which its children are found
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      SPINDLE_STATE: rig.state,
      ...(request.fault !== undefined && { SPINDLE_FAULT: request.fault, SPINDLE_FAULT_LOG: log }),
    },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const timer = request.killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), request.killAfter);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  const milliseconds = performance.now() - started;
  await outlived(child.pid ?? 0);
  const hit = existsSync(log) ? /^fault hit: (.*)$/m.exec(readFileSync(log, 'utf8'))?.[1] : undefined;
  return { code, signal, hit, output, errors, milliseconds };
}

function argumentsOf({ root, events, span }: Rig, { now, select }: RunRequest): string[] {
  const config = ['listening_events', 'user_activity'].flatMap((topic) => [
    '--config',
    `stream/${topic}.events=${events}`,
    '--config',
    `stream/${topic}.span=${span}`,
  ]);
  const selection = select === undefined ? ['--job', 'pipeline'] : ['--select', select];
  return [join(root, 'bin/spindle.js'), 'materialize', '--json', ...selection, '--now', now, ...config];
}

/** Waits until no process of the group lives. */
async function outlived(group: number): Promise<void> {
  const deadline = performance.now() + ORPHAN_PATIENCE;
  for (let left = livingOf(group); left.length > 0; left = livingOf(group)) {
    if (performance.now() > deadline) throw new Error(`Processes ${left.join(', ')} outlived the one that started them.`);
    await sleep(20);
  }
}

/** Fields 1, 3 and 5 of proc(5)'s /proc/pid/stat: the process, its state, its group. */
function livingOf(group: number): readonly number[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : undefined;
    const [state, , pgrp] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    return Number(pgrp) === group && state !== 'Z' && state !== 'X' ? [Number(name)] : [];
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // it ended meanwhile
  }
}
