import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readFaults } from '../../src/cli/fault-injection.ts';

function logFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'faults.log');
}

describe('injected faults', () => {
  it('does nothing where none is asked for', () => {
    expect(() => readFaults({})('land.after-put')).not.toThrow();
  });

  it('strikes at the n-th hit of its point, once, and logs that it did', () => {
    const log = logFile();
    const faults = readFaults({ SPINDLE_FAULT: 'land.after-put@2:enospc', SPINDLE_FAULT_LOG: log });
    faults('land.before-put');
    faults('land.after-put');
    expect(() => faults('land.after-put')).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(() => faults('land.after-put')).not.toThrow();
    expect(readFileSync(log, 'utf8')).toBe('fault hit: land.after-put@2\n');
    expect(() => readFaults({ SPINDLE_FAULT: 'load.before-commit:error' })('load.before-commit')).toThrow(
      'An error injected at load.before-commit.',
    );
  });

  it('kills its process, after the log is written and before anything else happens', () => {
    const log = logFile();
    const module = pathToFileURL(join(import.meta.dirname, '../../dist/cli/fault-injection.js')).href;
    const code = `const { readFaults } = await import(${JSON.stringify(module)}); readFaults(process.env)('transform.first-model'); console.log('survived');`;
    const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      env: { SPINDLE_FAULT: 'transform.first-model', SPINDLE_FAULT_LOG: log },
    });
    expect({ signal, stdout: String(stdout) }).toEqual({ signal: 'SIGKILL', stdout: '' });
    expect(readFileSync(log, 'utf8')).toBe('fault hit: transform.first-model@1\n');
  });

  it('stops its process until it is told to go on', async () => {
    const log = logFile();
    const module = pathToFileURL(join(import.meta.dirname, '../../dist/cli/fault-injection.js')).href;
    const code = `const { readFaults } = await import(${JSON.stringify(module)}); readFaults(process.env)('land.before-put'); console.log('went on');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      env: { SPINDLE_FAULT: 'land.before-put:stop', SPINDLE_FAULT_LOG: log },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    const state = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.[0];
    await vi.waitFor(() => expect(state()).toBe('T'), { timeout: 10_000 });
    expect(readFileSync(log, 'utf8')).toBe('fault hit: land.before-put@1\n');
    expect(output).toBe('');
    child.kill('SIGCONT');
    const [exit] = (await once(child, 'close')) as [number | null];
    expect({ exit, output }).toEqual({ exit: 0, output: 'went on\n' });
  });

  it('refuses what is no fault, with a suggestion', () => {
    const usage = (message: RegExp) => expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) });
    expect(() => readFaults({ SPINDLE_FAULT: 'land.after-putt' })).toThrow(usage(/Did you mean .*land\.after-put/));
    expect(() => readFaults({ SPINDLE_FAULT: 'land.after-put:kil' })).toThrow(usage(/Did you mean kill/));
    expect(() => readFaults({ SPINDLE_FAULT: 'land.after-put@0' })).toThrow(usage(/land\.after-put@0/));
  });
});
