import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SpindleError } from '../runtime/errors.ts';
import { select } from '../runtime/graph/selection/evaluate.ts';
import { parseSelection } from '../runtime/graph/selection/parser.ts';
import type { RunStore } from '../runtime/resource/run-store.ts';
import type { ExternalTask, RunEvent, RunRequest } from '../runtime/run/event.ts';
import { statusesOf } from '../runtime/plan/status.ts';
import { planOf } from '../runtime/run/plan-of.ts';
import type { RunContext, RunScope } from '../runtime/run/run-context.ts';
import type { StepName } from '../runtime/run/step-name.ts';
import { startRun } from '../runtime/run/start-run.ts';
import { clockAt, systemClock } from '../runtime/run/system-clock.ts';
import { asksForStatus } from './asset-status.ts';
import type { CommandContext } from './command.ts';
import { chooseEnvironment, openEnvironment, type OpenEnvironment } from './environment.ts';
import { readFaults } from './fault-injection.ts';
import { neededResources } from '../runtime/graph/needed-resources.ts';
import { recordedOnly, redacted } from './recorded-store.ts';
import { requirePartition } from './require-partition.ts';
import { requestOf, type RequestArguments } from './run-request.ts';
import { openSession, type Session } from './session.ts';

/** The options that say which part of which project, and how. */
export interface PipelineArguments extends RequestArguments {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly select?: string | undefined;
  readonly job?: string | undefined;
}

export interface StartOptions {
  /** In place of the selection. */
  readonly keys?: readonly string[];
  /** In place of all that the options say. */
  readonly request?: RunRequest;
  /** The id of the run that goes on; a new one unless given. */
  readonly run?: string;
  readonly scope?: RunScope;
  /** The task of another system that the run is a part of. */
  readonly external?: ExternalTask;
  /** Leaves the checks that are functions to others. */
  readonly skipChecks?: boolean;
  /** Ends the run, in place of the command's own signal. */
  readonly signal?: AbortSignal;
  listen?(event: RunEvent): void;
  progress?(step: StepName, done: number, total: number | undefined): void;
}

/** A project with one of its environments: what commands that look at data work on. Nothing of the environment is open yet. */
export interface Pipeline {
  readonly session: Session;
  readonly environment: OpenEnvironment;
  /** The selection as it was written, or the job's. */
  readonly selection: string;
  /** The keys that the selection names now, in the graph's order. */
  select(): Promise<readonly string[]>;
  /** What the options ask for, of these assets. */
  request(keys: Iterable<string>): RunRequest;
  /** The run store of the environment, where it has one. */
  runStore(): Promise<RunStore | undefined>;
  /** Puts a run together, of the selection; opens the run store and checks that the environment has what the selection needs. */
  start(options?: StartOptions): Promise<RunContext>;
  /** The same over the recorded state alone: opens nothing but the run store. */
  startRecorded(options?: StartOptions): Promise<RunContext>;
  /** The same over what the run store last wrote of its state beside its file: opens nothing, but a run store that is in no file of this host and so writes none. */
  startOffline(options?: StartOptions): Promise<RunContext>;
  close(): Promise<void>;
}

/** Opens a project in an environment. With `parse`, dbt reads its project again where the committed manifest is out of date. */
export async function openPipeline(
  args: PipelineArguments,
  context: CommandContext,
  options: { readonly parse?: boolean } = {},
): Promise<Pipeline> {
  const { env, signal, output, redactor } = context;
  const faults = readFaults(env);
  let opened: OpenEnvironment | undefined;
  const session = await openSession(context.cwd, args.project, (root, project) => {
    opened = openEnvironment(chooseEnvironment(project, args.env, env), { root, env, signal, faults, redactor, notify: output.notice });
    return options.parse === true ? (dir) => parseModels(opened as OpenEnvironment, dir) : undefined;
  }).catch(async (error: unknown) => {
    await opened?.close(); // dbt would keep this process alive
    throw error;
  });
  const environment = opened as OpenEnvironment;
  const { graph, project } = session;
  const selection = args.job === undefined ? (args.select ?? '**') : graph.job(args.job).select;
  const has = (resource: string) => project.environments[environment.name]?.[resource] !== undefined;
  const runStore = async () => (has('runStore') ? redacted((await environment.open('runStore')) as RunStore, redactor) : undefined);

  const request = (keys: Iterable<string>): RunRequest => {
    const named = new Set(keys);
    return { keys: graph.keys.filter((key) => named.has(key)), ...requestOf(args, graph) };
  };

  const start = async (asked: RunRequest, options: StartOptions, store: RunStore | undefined): Promise<RunContext> => {
    const { run = randomUUID(), scope, external, skipChecks = false, listen, progress } = options;
    const { partitions, now, seed, concurrency, force = false, fullRefresh = false, config = {} } = asked;
    return startRun({
      run,
      project: project.name,
      external,
      skipChecks,
      graph,
      selection: asked.keys,
      resources: environment,
      clock: now === undefined ? systemClock : clockAt(now),
      signal: options.signal ?? signal,
      faults,
      runStore: store,
      partitions,
      ...(seed !== undefined && { seed }),
      ...(concurrency !== undefined && { concurrency }),
      force,
      fullRefresh,
      config: Object.entries(config).map(([asset, values]) => ({ asset, values })),
      codeVersions: await session.codeVersions(),
      ...scope,
      listen: (event: RunEvent) => listen?.(redactor.event(event)),
      ...(progress !== undefined && { progress }),
    });
  };
  const selectKeys = async (store: RunStore | undefined): Promise<readonly string[]> => {
    const parsed = parseSelection(selection);
    // Atoms such as `stale` ask for a plan of everything first.
    const whole = asksForStatus(graph, parsed) ? await start(request(graph.keys), {}, store) : undefined;
    const selected = select(graph, parsed, whole && { status: statusesOf(whole, planOf(whole)) });
    // That nothing is stale is an answer; that nothing is in two groups at once is a mistake.
    if (selected.length === 0 && whole === undefined) throw emptySelection(selection);
    if (args.partition !== undefined) requirePartition(graph, selected, { key: args.partition });
    return selected;
  };
  const startAsked = async (options: StartOptions, store: RunStore | undefined): Promise<RunContext> =>
    start(options.request ?? request(options.keys ?? (await selectKeys(store))), options, store);
  return {
    session,
    environment,
    selection,
    select: async () => selectKeys(await runStore()),
    request,
    runStore,
    async start(options = {}) {
      const run = await startAsked(options, await runStore());
      const needed = neededResources(graph, [...run.selected]);
      environment.require(needed.keys(), needed);
      return run;
    },
    startRecorded: async (options = {}) => startAsked(options, await runStore()),
    async startOffline(options = {}) {
      const provider = project.environments[environment.name]?.['runStore'];
      if (provider !== undefined && provider.embedded === undefined) return startAsked(options, await runStore());
      const { readStateFile, stateFilePath } = await import('../drivers/run-store/state-file.ts');
      return startAsked(options, recordedOnly(await readStateFile(stateFilePath(join(environment.directory, 'runs.db')))));
    },
    close: () => environment.close(),
  };
}

function emptySelection(selection: string): SpindleError {
  return new SpindleError('SELECTION_EMPTY', `The selection "${selection}" names no asset.`, {
    field: '--select',
    remedy: 'Try it with `spindle list --select …` until it shows what you mean.',
  });
}

async function parseModels(environment: OpenEnvironment, dir: string): Promise<unknown> {
  const transformer = (await environment.open('transformer')) as { parse?(dir: string): Promise<unknown> };
  return transformer.parse?.(dir);
}
