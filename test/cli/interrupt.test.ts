import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const module = pathToFileURL(join(import.meta.dirname, '../../dist/cli/interrupt.js')).href;
/** Prints what happens, and never ends by itself. */
const CODE = `
import { createInterrupt } from ${JSON.stringify(module)};
const { signal } = createInterrupt(() => {});
signal.addEventListener('abort', () => console.log(signal.reason.code));
setInterval(() => {}, 1000);
console.log('ready');
`;

describe('an interrupt', () => {
  it('aborts at the first signal, and ends the process with 130 at the second Ctrl-C', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', CODE], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      child.kill('SIGINT');
    }
    const [exit] = child.exitCode === null ? ((await once(child, 'exit')) as [number]) : [child.exitCode];
    expect({ lines, exit }).toEqual({ lines: ['ready', 'CANCELED'], exit: 130 });
  });

  it('aborts at the first SIGTERM, and lets further ones pass', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', CODE], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length > 1) {
        for (let count = 0; count < 3; count++) child.kill('SIGTERM');
        child.kill('SIGINT');
      } else child.kill('SIGTERM');
    }
    const [exit] = child.exitCode === null ? ((await once(child, 'exit')) as [number]) : [child.exitCode];
    expect({ lines, exit }).toEqual({ lines: ['ready', 'CANCELED'], exit: 130 });
  });
});
