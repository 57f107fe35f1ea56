import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';
import type { Faults } from '../../runtime/resource/faults.ts';
import type { NodeStatus, TransformEvent, TransformRequest, Transformer } from '../../runtime/resource/transformer.ts';
import type { WarehouseTarget } from '../../runtime/resource/warehouse-target.ts';
import type { Dialect } from '../../runtime/schema/dialect.ts';
import { dbtFailure } from './dbt-failure.ts';
import { dbtVariables, type DbtTarget } from './dbt-variables.ts';
import { DbtWorker, type DbtNodeMessage } from './dbt-worker.ts';
import { ensurePython } from './python-environment.ts';
import { isTransientFailure } from './transient-failure.ts';

export interface DbtOptions {
  /** The project's root, absolute: Python is set up below its `.spindle`. */
  readonly root: string;
  /** Of the warehouse that is going to be lent: what is set up ahead of the first build, and what dbt parses a project for. */
  readonly dialect?: Dialect | undefined;
  /** A Python that has dbt, to be used as it is; set up by Spindle where undefined. */
  readonly python: string | undefined;
  /** Where dbt keeps what it compiles, its parsed project and its logs; absolute. */
  readonly directory: string;
  readonly notify: (message: string) => void;
  readonly faults: Faults;
}

export interface DbtTransformer extends Transformer {
  /** dbt's whole manifest of the project in the folder `dir`; touches no warehouse. */
  parse(dir: string, signal?: AbortSignal): Promise<unknown>;
  /** The Python that has dbt for a warehouse: set up where it is not yet. */
  python(dialect: Dialect, signal?: AbortSignal): Promise<string>;
  /** Sets Python up and starts dbt ahead of the first build. */
  prepare(signal?: AbortSignal): Promise<void>;
  /** Ends the dbt process. */
  close(): Promise<void>;
}

/** dbt as transformer: one process for all calls, started by the first. */
export function openDbtTransformer({ root, dialect, python, directory, notify, faults }: DbtOptions): DbtTransformer {
  const pythonOf = (dialect: Dialect, signal?: AbortSignal) =>
    python === undefined ? ensurePython({ root, dialect, notify, signal }) : Promise.resolve(python);
  const workerOf = (dialect: Dialect) => new DbtWorker((signal) => pythonOf(dialect, signal));
  // A process starts with its first call, so that of the other warehouse never does.
  const workers: Readonly<Record<Dialect, DbtWorker>> = { duckdb: workerOf('duckdb'), snowflake: workerOf('snowflake') };
  const ahead = workers[dialect ?? 'duckdb'];
  const flags = [
    '--no-use-colors',
    '--no-print',
    '--no-version-check',
    '--no-send-anonymous-usage-stats',
    '--log-level',
    'none',
    '--log-level-file',
    'info',
  ];
  // Of each project its own: what dbt keeps of the last parse is good for one.
  const compiled = (dir: string) =>
    join(directory, 'target', `${basename(dir)}-${createHash('sha256').update(dir).digest('hex').slice(0, 8)}`);
  const place = (dir: string) => [
    '--no-write-json',
    '--project-dir',
    dir,
    '--profiles-dir',
    dir,
    '--target-path',
    compiled(dir),
    '--log-path',
    join(directory, 'logs'),
  ];

  const build = async (request: TransformRequest, report: (event: TransformEvent) => void) => {
    const { dir, select, vars, window, signal } = request;
    faults('transform.before-build');
    const target = reachable(request.target);
    const env = dbtVariables(target);
    const args = [...flags, 'build', ...place(dir)];
    args.push('--target', target.dialect, '--select', ...select);
    // With its default, dbt would also run tests that compare a selected model with one that is neither selected nor upstream of it.
    args.push('--indirect-selection', 'buildable');
    if (request.fullRefresh) args.push('--full-refresh');
    if (vars !== undefined) args.push('--vars', JSON.stringify(vars));
    if (window !== undefined) args.push('--event-time-start', naive(window.start), '--event-time-end', naive(window.end));
    let models = 0;
    const outcome = await workers[target.dialect].call({ args, env, signal }, (message) => {
      const event = eventOf(message);
      report(event);
      if (event.type === 'finished' && event.node.startsWith('model.') && ++models === 1) faults('transform.first-model');
    });
    if (outcome.error !== null) throw dbtFailure(`dbt build in ${dir}`, outcome.error);
    if (outcome.unmatched.length > 0) {
      throw new SpindleError('DBT_FAILED', `The dbt project in ${dir} has nothing named ${outcome.unmatched.join(', ')}.`, {
        remedy: 'Name a node by its path in the project, such as project.folder.model.',
      });
    }
    faults('transform.after-build');
  };

  const parse = async (dir: string, signal?: AbortSignal): Promise<unknown> => {
    const args = [...flags, 'parse', ...place(dir), ...(dialect === undefined ? [] : ['--target', dialect])];
    // Not dbt's own file: another process may parse the same project at the same time.
    const manifest = join(directory, `manifest-${randomUUID()}.json`);
    try {
      const outcome = await ahead.call({ args, env: {}, manifest, signal }, () => {});
      if (outcome.error !== null) throw dbtFailure(`dbt parse in ${dir}`, outcome.error);
      return JSON.parse(await readFile(manifest, 'utf8')) as unknown;
    } finally {
      await rm(manifest, { force: true });
    }
  };

  return {
    build,
    parse,
    python: pythonOf,
    prepare: (signal) => ahead.start(signal),
    close: async () => void (await Promise.all(Object.values(workers).map((worker) => worker.close()))),
  };
}

/** dbt's event time is in UTC, and written without a zone. */
const naive = (instant: string): string => instant.replace(/(?:\.\d+)?Z$/, '');

export function reachable(target: WarehouseTarget): DbtTarget {
  if (target.dialect !== 'memory') return target;
  throw new SpindleError('RESOURCE_MISSING', 'dbt cannot build in a warehouse that is only in memory.', {
    remedy: 'Use an environment whose warehouse is DuckDB or Snowflake, or stand in for the models with given().',
  });
}

function eventOf(message: DbtNodeMessage): TransformEvent {
  if (message.type === 'started') return { type: 'started', node: message.node };
  const { node, seconds, failures } = message;
  const status = statusOf(message.status);
  const text = status === 'success' ? '' : message.message.trim();
  const isTest = status === 'pass' || status === 'warn' || status === 'fail';
  const transient = status === 'error' && isTransientFailure(text);
  return {
    type: 'finished',
    node,
    status,
    seconds,
    ...(text !== '' && { message: text }),
    ...(isTest && { failures }),
    ...(transient && { transient }),
  };
}

/** dbt's words for a node's end: success, error, fail, warn, pass, skipped, partial success, runtime error, no-op. */
function statusOf(status: string): NodeStatus {
  switch (status) {
    case 'success':
    case 'pass':
    case 'warn':
    case 'fail':
    case 'skipped':
      return status;
    case 'no-op':
      return 'skipped';
    default:
      return 'error';
  }
}
