import { SpindleError, type SpindleErrorOptions } from '../runtime/errors.ts';

/** The command in one line, which a script may be the longest part of. */
export function commandText(argv: readonly string[]): string {
  const called = argv.join(' ').replaceAll(/\s+/g, ' ').trim();
  return called.length > 80 ? `${called.slice(0, 80)}…` : called;
}

/** A command that did not do its work: it did not start, ended badly, said that it failed, or broke the protocol. */
export function commandFailed(argv: readonly string[], problem: string, options: SpindleErrorOptions = {}): SpindleError {
  return new SpindleError('COMMAND_FAILED', `${commandText(argv)} ${problem}`, {
    remedy: 'Its output is in the log of the run: spindle runs logs.',
    ...options,
  });
}
