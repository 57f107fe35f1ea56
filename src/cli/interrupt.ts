import { SpindleError } from '../runtime/errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface Interrupt {
  /** Aborted by the first SIGINT or SIGTERM, with CANCELED as its reason. */
  readonly signal: AbortSignal;
  dispose(): void;
}

/**
 * Turns the first signal into an abort, after which the command cleans up; Ctrl-C then ends the process at once (130, as shells expect). SIGTERM does not:
 * those who supervise a process send it more than once, and SIGKILL where that is not enough.
 */
export function createInterrupt(notice: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted && name === 'SIGINT') process.exit(130);
    if (controller.signal.aborted) return;
    notice(name === 'SIGINT' ? 'Stopping. Press Ctrl-C again to quit at once.' : 'Stopping.');
    controller.abort(
      new SpindleError('CANCELED', `Stopped by ${name}.`, { remedy: 'Run the command again: it goes on where it stopped.' }),
    );
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
