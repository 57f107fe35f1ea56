import { SpindleError } from '../runtime/errors.ts';

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export interface Interrupt {
  /** Aborted by the first SIGINT or SIGTERM, with CANCELED as its reason. */
  readonly signal: AbortSignal;
  dispose(): void;
}

/** Turns the first signal into an abort, after which the command cleans up; a second one ends the process at once (130 for Ctrl-C, as shells expect). */
export function createInterrupt(notice: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(128 + SIGNALS[name as keyof typeof SIGNALS]);
    notice(name === 'SIGINT' ? 'Stopping. Press Ctrl-C again to quit at once.' : 'Stopping.');
    controller.abort(
      new SpindleError('CANCELED', `Stopped by ${name}.`, { remedy: 'Run the command again: it goes on where it stopped.' }),
    );
  };
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
