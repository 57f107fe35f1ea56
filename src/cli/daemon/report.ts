import type { Decision } from '../../runtime/automation/decide.ts';
import type { RunOutcome } from '../../runtime/run/run-selection.ts';
import type { Tally } from '../../runtime/run/tally.ts';
import { formatDuration } from '../format.ts';
import type { Output } from '../output.ts';
import { codedError, errorObject, errorText, redactedError } from '../print-error.ts';
import type { Redactor } from '../redact.ts';
import { runLines } from '../run-lines.ts';
import { runProblems, runTotals } from '../run-problems.ts';

export interface FinishedRun {
  readonly run: string;
  readonly status: RunOutcome;
  readonly keys: readonly string[];
  readonly tally: Tally;
}

/** The log of a daemon: a line for each thing that happens, or with JSON an object a line. */
export interface DaemonReport {
  started(environment: string): void;
  /** The project was loaded anew, because its code changed. */
  reloaded(): void;
  fired(decision: Decision, run: string): void;
  warned(asset: string, warning: string): void;
  finished(run: FinishedRun): void;
  /** With the milliseconds after which it is tried again. */
  failed(error: unknown, delay: number): void;
  stopped(): void;
}

export interface ReportOptions {
  readonly output: Output;
  readonly redactor: Redactor;
  readonly json: boolean;
  now(): Date;
}

export function createDaemonReport({ output, redactor, json, now }: ReportOptions): DaemonReport {
  const { style } = output;
  const line = (type: string, text: string, fields: Readonly<Record<string, unknown>>): void => {
    const at = now().toISOString();
    output.print(json ? JSON.stringify({ at, type, ...fields }) : `${style.dim(at)}  ${text.replaceAll('\n', '\n    ')}`);
  };
  return {
    started: (environment) => line('started', `start daemon of the environment ${environment}`, { environment }),
    reloaded: () => line('reloaded', 'load  the project changed: it is loaded anew', {}),
    fired({ subject, why, partitions }, run) {
      const parts = partitions.length === 0 ? '' : ` [${partitionsText(partitions)}]`;
      line('fired', `${style.green('fire')}  ${subject}${parts}  ${style.dim(why)}`, { subject, why, partitions, run });
    },
    warned: (asset, warning) => line('warning', `${style.yellow('warn')}  ${asset} ${warning}`, { asset, warning }),
    finished({ run, status, keys, tally }) {
      const lines = runLines(keys, tally);
      const shown = status === 'succeeded' ? style.green(status) : style.red(status);
      const text = [`run   ${run} ${shown}: ${runTotals(lines, tally)}`, ...runProblems(tally, style)].join('\n');
      line('run', text, { run, status, assets: lines, failures: tally.failed });
    },
    failed(thrown, delay) {
      const error = redactedError(codedError(thrown), redactor);
      line('error', `${errorText(error, style)}\nIt is tried again in ${formatDuration(delay)}.`, { error: errorObject(error), delay });
    },
    stopped: () => line('stopped', 'stop  daemon', {}),
  };
}

const NAMED = 3;

function partitionsText(partitions: readonly string[]): string {
  const more = partitions.length > NAMED ? `, … ${partitions.length} in all` : '';
  return partitions.slice(0, NAMED).join(', ') + more;
}
