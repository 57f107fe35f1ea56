import { createInterface } from 'node:readline/promises';
import { SpindleError } from '../runtime/errors.ts';

/** Asks on the terminal, and takes anything but yes for no. USAGE where nobody can answer. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new SpindleError('USAGE', 'This needs a confirmation, and there is no terminal to ask on.', {
      field: '--yes',
      remedy: 'Confirm with --yes.',
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}
