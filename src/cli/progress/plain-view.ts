import type { Output } from '../output.ts';
import type { ProgressView } from './view.ts';
import { createRunningSteps } from './running-steps.ts';
import { stepCounts } from './step-line.ts';
import { createToldEvents } from './told-events.ts';

/** Milliseconds between two signs of life. */
const HEARTBEAT = 10_000;
/** Steps named in one; the others are counted. */
const NAMED = 3;

/** For a file or a pipe: a line for each thing that happens, and one every ten seconds on what takes longer. */
export function createPlainView(output: Output): ProgressView {
  const style = output.errorStyle;
  const steps = createRunningSteps();
  const tell = createToldEvents(style, { beginnings: true });
  const beat = (): void => {
    const now = performance.now();
    const long = [...steps.assets(), ...steps.list()].filter(({ started }) => now - started >= HEARTBEAT);
    if (long.length === 0) return;
    const named = long.slice(0, NAMED).map((step) => `${step.name} (${stepCounts(step, now)})`);
    const more = long.length > NAMED ? ` and ${long.length - NAMED} more` : '';
    output.notice(`${style.dim('work')}  ${named.join(', ')}${more}`);
  };
  const timer = setInterval(beat, HEARTBEAT).unref();
  return {
    listen(event) {
      steps.listen(event);
      const line = tell(event);
      if (line !== undefined) output.notice(line);
    },
    progress: steps.progress,
    close: () => clearInterval(timer),
  };
}
