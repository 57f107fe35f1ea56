import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, watch } from 'node:fs';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bundledChild } from '../bundled-child.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const STEPS = ['2026-01-01', '2026-01-02', '2026-01-03', 'whole'];
const file = bundledChild(new URL('claiming-child.ts', import.meta.url));

type Child = ChildProcessByStdio<null, Readable, Readable>;

function start(directory: string, milliseconds: number) {
  const child: Child = spawn(process.execPath, [file, directory, String(milliseconds)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, ended: once(child, 'close'), text: () => text };
}

interface Note {
  readonly pid: number;
  readonly step: string;
  readonly what: string;
  readonly at: number;
}

function notes(directory: string): readonly Note[] {
  const lines = readFileSync(`${directory}/notes`, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
  return lines.map((line) => {
    const [pid, step = '', what = '', at] = line.split(' ');
    return { pid: Number(pid), step, what, at: Number(at) };
  });
}

/** Resolves when so many notes are there. */
async function noted(directory: string, count: number): Promise<void> {
  const watcher = watch(directory);
  try {
    while (notes(directory).length < count) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}

describe('two processes on one SQLite run store', () => {
  it('never make the same partition, or the same asset, at once or twice', async () => {
    const directory = await temporaryFolder();
    mkdirSync(directory, { recursive: true });
    const children = [start(directory, 2_000), start(directory, 2_000)];
    for (const { ended, text } of children) expect(await ended, text()).toEqual([0, null]);
    const began = notes(directory).filter(({ what }) => what === 'began');
    expect(began.map(({ step }) => step).toSorted()).toEqual(STEPS);
    expect(children.map(({ text }) => text()).join('')).toMatch(/waits for/);
  });

  it('go on with the step of a process that was killed', async () => {
    const directory = await temporaryFolder();
    mkdirSync(directory, { recursive: true });
    const first = start(directory, 60_000);
    await noted(directory, 4); // all of its steps have begun
    const second = start(directory, 10);
    await once(second.child.stdout, 'data'); // it waits
    expect(notes(directory).length).toBe(4);
    const killed = Date.now();
    first.child.kill('SIGKILL');
    expect(await first.ended).toEqual([null, 'SIGKILL']);
    expect(await second.ended, second.text()).toEqual([0, null]);
    const taken = notes(directory).filter(({ pid }) => pid === second.child.pid);
    expect(taken.flatMap(({ step, what }) => (what === 'ended' ? [step] : [])).toSorted()).toEqual(STEPS);
    expect(Math.min(...taken.map(({ at }) => at))).toBeGreaterThanOrEqual(killed);
    expect(Math.max(...taken.map(({ at }) => at)) - killed).toBeLessThan(5_000);
  });
});
