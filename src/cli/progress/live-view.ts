import { displayWidth } from '../display-width.ts';
import type { Output } from '../output.ts';
import type { ProgressView } from './view.ts';
import { createRunningSteps } from './running-steps.ts';
import { stepLine } from './step-line.ts';
import { createToldEvents } from './told-events.ts';

/** Milliseconds between two frames. */
const FRAME = 100;
/** Lines at once; dbt alone may have dozens of models in work. */
const MOST_LINES = 10;

/** For a terminal: a line for each running step, kept at its end and redrawn as it goes on; what is done scrolls by above. */
export function createLiveView(output: Output): ProgressView {
  const style = output.errorStyle;
  const steps = createRunningSteps();
  const tell = createToldEvents(style, { beginnings: false });
  const draw = (): void =>
    output.status(({ columns, rows }) => {
      const running = [...steps.assets(), ...steps.list()];
      const most = Math.max(1, Math.min(MOST_LINES, rows - 2));
      const shown = running.length > most ? running.slice(0, most - 1) : running;
      const names = Math.max(...shown.map(({ name }) => displayWidth(name)));
      const lines = shown.map((step) => stepLine(step, performance.now(), { columns, names, style }));
      return shown.length === running.length ? lines : [...lines, style.dim(`   and ${running.length - shown.length} more`)];
    });
  const timer = setInterval(draw, FRAME).unref();
  return {
    listen(event) {
      steps.listen(event);
      const line = tell(event);
      if (line === undefined) return;
      draw(); // without the step that the line says is done
      output.notice(line);
    },
    progress: steps.progress,
    close() {
      clearInterval(timer);
      output.status(() => []);
    },
  };
}
