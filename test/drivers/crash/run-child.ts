import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundledChild } from '../bundled-child.ts';

/** How a child ended, and the pieces of work that it had acknowledged before. */
export interface ChildEnd {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly acknowledged: readonly string[];
  readonly errors: string;
}

export type RunChild = (
  kind: 'produce' | 'put' | 'record' | 'run',
  directory: string,
  fault?: { readonly point: string; readonly hit?: number },
) => Promise<ChildEnd>;

/** Bundles the crash child before the tests of a file. */
export function prepareChild(): RunChild {
  const file = bundledChild(new URL('crash-child.ts', import.meta.url));
  return async (kind, directory, fault) => {
    const args = [file, kind, directory, fault?.point ?? 'none', String(fault?.hit ?? 1)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal, acknowledged: output.split('\n').slice(0, -1), errors };
  };
}
