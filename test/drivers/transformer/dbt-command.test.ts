import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runDbtCommand } from '../../../src/drivers/transformer/dbt-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** In place of Python: it writes down each interrupt, and ends a while after the first. */
const PROGRAM = `#!${process.execPath}
const { appendFileSync, writeFileSync } = require('node:fs');
process.on('SIGINT', () => {
  appendFileSync('interrupts', 'x');
  setTimeout(() => process.exit(1), 500);
});
setInterval(() => {}, 1000);
writeFileSync('pid', String(process.pid));
`;

/** A call that has begun. */
async function begun(hasTerminal: boolean) {
  const dir = await temporaryFolder();
  const program = join(dir, 'python');
  writeFileSync(program, PROGRAM, { mode: 0o755 });
  const controller = new AbortController();
  const ended = runDbtCommand(program, { dir, args: [], env: process.env, stdio: 'ignore', hasTerminal, signal: controller.signal }).catch(
    (error: { code: string }) => error.code,
  );
  await vi.waitFor(() => expect(readFileSync(join(dir, 'pid'), 'utf8')).not.toBe(''), 10_000);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return {
    ended,
    pid: Number(readFileSync(join(dir, 'pid'), 'utf8')),
    abort: () => controller.abort(new Error('Stopped.')),
    interrupts: () => (existsSync(join(dir, 'interrupts')) ? readFileSync(join(dir, 'interrupts'), 'utf8').length : 0),
  };
}

describe('a command of dbt that is aborted', () => {
  it('is interrupted at once where no terminal does', async () => {
    const { ended, abort, interrupts } = await begun(false);
    abort();
    expect(await ended).toBe('CANCELED');
    expect(interrupts()).toBe(1);
  });

  it('is not interrupted a second time where the terminal did, and it ends by itself', async () => {
    const { ended, pid, abort, interrupts } = await begun(true);
    process.kill(pid, 'SIGINT'); // as the terminal does
    await vi.waitFor(() => expect(interrupts()).toBe(1), { interval: 5 });
    abort();
    vi.advanceTimersByTime(1999);
    expect(await ended).toBe('CANCELED');
    expect(interrupts()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is interrupted where it has a terminal, and goes on', async () => {
    const { ended, abort, interrupts } = await begun(true);
    abort();
    vi.advanceTimersByTime(1999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await ended).toBe('CANCELED');
    expect(interrupts()).toBe(1);
  });

  it('is interrupted at once for a SIGTERM, which no terminal sends', async () => {
    const { ended, abort, interrupts } = await begun(true);
    abort();
    process.emit('SIGTERM');
    expect(await ended).toBe('CANCELED');
    expect(interrupts()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
