import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';
import type { MaterializedEvent } from '../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../runtime/run/event.ts';
import type { RunContext } from '../../runtime/run/run-context.ts';
import type { RunOutcome } from '../../runtime/run/run-selection.ts';
import { createTally, type Tally } from '../../runtime/run/tally.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts';
import { codedError, printError, redactedError } from '../print-error.ts';
import { createPlainView } from '../progress/plain-view.ts';
import { runLines } from '../run-lines.ts';
import { runProblems, runTotals } from '../run-problems.ts';
import { runIdOf } from './run-id.ts';
import { taskLine } from './task-line.ts';
import { readAirflowTask, type AirflowTask } from './task-variables.ts';

/** What a task works with. */
export interface TaskScope extends AirflowTask {
  /** The run that the DAG run is. */
  readonly run: string;
  readonly tally: Tally;
  /** Is told each event, which is counted and shown. */
  listen(event: RunEvent): void;
  /** Is told of the run as soon as it is put together. */
  started(run: RunContext): void;
  /** Is told what other tasks of the DAG run made that this one speaks for: its outlets are theirs. */
  speaksFor(made: readonly MaterializedEvent[]): void;
}

/** Milliseconds from a signal to the end, whatever still goes on. Airflow kills a task 60 seconds after its SIGTERM. */
const GRACE = 30_000;

interface Ended {
  readonly exit: ExitCode;
  readonly status: RunOutcome;
  readonly error?: SpindleError;
}

/**
 * Does the work of a task of Airflow, and tells what came of it however it ends: what happens and a summary for people, and at the very end, when all is closed,
 * one line of JSON. Exits as Airflow understands it: 99 where nothing was to do.
 */
export async function asTask(context: CommandContext, work: (scope: TaskScope) => Promise<RunOutcome>): Promise<ExitCode> {
  const { env, output, redactor, signal } = context;
  const tally = createTally();
  const view = createPlainView(output);
  let scope: TaskScope | undefined;
  let run: RunContext | undefined;
  let others: readonly MaterializedEvent[] = [];
  const listen = (event: RunEvent): void => {
    tally.listen(event);
    view.listen(event);
  };
  const attempt = async (): Promise<Ended> => {
    try {
      const airflow = readAirflowTask(env);
      scope = {
        ...airflow,
        run: runIdOf(airflow.task.dag, airflow.task.run),
        tally,
        listen,
        started: (begun) => void (run = begun),
        speaksFor: (made) => void (others = made),
      };
      const status = await withinGrace(signal, work(scope));
      return { status, exit: exitOf(status, tally) };
    } catch (thrown) {
      const error = redactedError(codedError(thrown), redactor);
      return { status: signal.aborted ? 'canceled' : 'failed', exit: signal.aborted ? EXIT.failed : exitCodeOf(error.code), error };
    }
  };
  let ended = await attempt();
  view.close();
  const line = () => taskLine({ run: scope?.run ?? null, ...ended, tally, others, spaceOf: (asset) => run?.record.space(asset) });
  if (scope?.xcomFile !== undefined) {
    try {
      await mkdir(dirname(scope.xcomFile), { recursive: true });
      await writeFile(scope.xcomFile, `${line()}\n`);
    } catch (thrown) {
      const error = redactedError(codedError(thrown), redactor);
      ended = { status: 'failed', exit: EXIT.failed, error };
    }
  }
  if (ended.error !== undefined) printError(ended.error, output, false);
  output.print(summaryText(ended, tally, context));
  output.end(line());
  return ended.exit;
}

/** A task that made or checked nothing, and that nothing kept from it, had nothing to do. */
function exitOf(status: RunOutcome, { materialized, checks }: Tally): ExitCode {
  if (status !== 'succeeded') return EXIT.failed;
  return materialized.length + checks.length === 0 ? EXIT.nothingToDo : EXIT.ok;
}

/** Gives up on work that does not end though it was told to. What was recorded of it by then is as after a kill: the next try goes on from there. */
async function withinGrace<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const wait = () => {
      const error = new SpindleError('CANCELED', `It did not end within ${GRACE / 1000} seconds after it was stopped.`, {
        remedy: 'The next try goes on from what was recorded.',
      });
      timer = setTimeout(() => reject(error), GRACE);
    };
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function summaryText({ status, exit }: Ended, tally: Tally, { output }: CommandContext): string {
  const { style } = output;
  const assets = new Set([...tally.materialized, ...tally.skipped, ...tally.failed].map(({ asset }) => asset));
  const totals = runTotals(runLines([...assets], tally), tally);
  const result = exit === EXIT.nothingToDo ? 'nothing to do' : status;
  return [...runProblems(tally, style), `task ${result}: ${totals}`].join('\n\n');
}
