import { SpindleError, type SpindleErrorOptions } from '../runtime/errors.ts';

/** A command that did not do its work: it did not start, ended badly, said that it failed, or broke the protocol. */
export function commandFailed(argv: readonly string[], problem: string, options: SpindleErrorOptions = {}): SpindleError {
  const called = argv.join(' ');
  return new SpindleError('COMMAND_FAILED', `${called.length > 80 ? `${called.slice(0, 80)}…` : called} ${problem}`, {
    remedy: 'Its output is in the log of the run: spindle runs logs.',
    ...options,
  });
}
