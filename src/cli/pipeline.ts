import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AssetDefinition } from '../runtime/declare/definition.ts';
import { SpindleError } from '../runtime/errors.ts';
import { select } from '../runtime/graph/selection/evaluate.ts';
import { parseSelection } from '../runtime/graph/selection/parser.ts';
import type { Graph } from '../runtime/graph/graph.ts';
import { createTimeZones } from '../runtime/partitions/time-zone.ts';
import { requestPartition } from '../runtime/plan/requested-partition.ts';
import { plan, type Plan } from '../runtime/plan/plan.ts';
import type { Resource } from '../runtime/resource/resource.ts';
import type { RecordedState, RunStore } from '../runtime/resource/run-store.ts';
import type { RunEvent } from '../runtime/run/event.ts';
import type { RunContext } from '../runtime/run/run-context.ts';
import type { StepName } from '../runtime/run/step-name.ts';
import { startRun } from '../runtime/run/start-run.ts';
import { clockAt, systemClock } from '../runtime/run/system-clock.ts';
import type { CommandContext } from './command.ts';
import { parseConfig } from './config-option.ts';
import { chooseEnvironment, openEnvironment, type OpenEnvironment } from './environment.ts';
import { readFaults } from './fault-injection.ts';
import type { Redactor } from './redact.ts';
import { openSession, type Session } from './session.ts';
import { asksForStatus, statusOf } from './asset-status.ts';

/** The options that say which part of which project, and how. */
export interface PipelineArguments {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly select?: string | undefined;
  readonly job?: string | undefined;
  readonly partition?: string | undefined;
  readonly config?: readonly string[] | undefined;
  readonly now?: string | undefined;
  readonly seed?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly force?: boolean | undefined;
  readonly fullRefresh?: boolean | undefined;
}

export interface StartOptions {
  /** In place of the selection. */
  readonly keys?: readonly string[];
  listen?(event: RunEvent): void;
  progress?(step: StepName, done: number, total: number | undefined): void;
}

/** A project with one of its environments: what commands that look at data work on. Nothing of the environment is open yet. */
export interface Pipeline {
  readonly session: Session;
  readonly environment: OpenEnvironment;
  /** The selection as it was written, or the job's. */
  readonly selection: string;
  /** The run store of the environment, where it has one. */
  runStore(): Promise<RunStore | undefined>;
  /** Puts a run together, of the selection; opens the run store and checks that the environment has what the selection needs. */
  start(options?: StartOptions): Promise<RunContext>;
  /** The same over what the run store last told of its state: opens nothing. */
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
  });
  const environment = opened as OpenEnvironment;
  const { graph, project } = session;
  const selection = args.job === undefined ? (args.select ?? '**') : graph.job(args.job).select;
  const has = (resource: string) => project.environments[environment.name]?.[resource] !== undefined;
  const runStore = async () => (has('runStore') ? redacted((await environment.open('runStore')) as RunStore, redactor) : undefined);

  const start = async ({ keys, listen, progress }: StartOptions, store: RunStore | undefined): Promise<RunContext> => {
    const settings = {
      run: randomUUID(),
      graph,
      selection: [] as readonly string[],
      resources: environment,
      clock: args.now === undefined ? systemClock : clockAt(args.now),
      signal,
      faults,
      runStore: store,
      partition: args.partition,
      ...(args.seed !== undefined && { seed: args.seed }),
      ...(args.concurrency !== undefined && { concurrency: args.concurrency }),
      force: args.force ?? false,
      fullRefresh: args.fullRefresh ?? false,
      config: parseConfig(args.config ?? [], graph),
      codeVersions: await session.codeVersions(),
      listen: (event: RunEvent) => listen?.(redactor.event(event)),
      ...(progress !== undefined && { progress }),
    };
    if (keys !== undefined) return startRun({ ...settings, selection: keys });
    const parsed = parseSelection(selection);
    // Atoms such as `stale` ask for a plan of everything first.
    const whole = asksForStatus(graph, parsed) ? await startRun({ ...settings, selection: graph.keys }) : undefined;
    const selected = select(graph, parsed, whole && { status: statusOf(whole, planOf(whole)) });
    // That nothing is stale is an answer; that nothing is in two groups at once is a mistake.
    if (selected.length === 0 && whole === undefined) throw emptySelection(selection);
    if (args.partition !== undefined) requirePartition(graph, selected, args.partition);
    return startRun({ ...settings, selection: selected });
  };
  return {
    session,
    environment,
    selection,
    runStore,
    async start(options = {}) {
      const run = await start(options, await runStore());
      const needed = neededResources(graph, [...run.selected]);
      environment.require(needed.keys(), needed);
      return run;
    },
    async startOffline(options = {}) {
      const { readStateFile, stateFilePath } = await import('../drivers/run-store/state-file.ts');
      return start(options, recordedOnly(await readStateFile(stateFilePath(join(environment.directory, 'runs.db')))));
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

/** PARTITION_UNSUPPORTED where none of the assets has partitions, PARTITION_UNKNOWN where this is none of one that has. */
export function requirePartition(graph: Graph, keys: readonly string[], partition: string): void {
  const partitioned = keys.map((key) => graph.get(key)).filter(({ partitions }) => partitions !== undefined);
  requestPartition(partitioned, partition, createTimeZones());
  if (partitioned.length > 0 || keys.length === 0) return;
  const what = keys.length === 1 ? `The asset ${keys[0]} has` : 'The selected assets have';
  throw new SpindleError('PARTITION_UNSUPPORTED', `${what} no partitions: "${partition}" cannot be one.`, {
    field: '--partition',
    remedy: 'Leave --partition out, or select assets that have partitions: `spindle list` shows which do.',
  });
}

/** The plan of a run's own selection. */
export function planOf(run: RunContext): Plan {
  return plan({ ...run, selection: [...run.selected] });
}

async function parseModels(environment: OpenEnvironment, dir: string): Promise<unknown> {
  const transformer = (await environment.open('transformer')) as { parse?(dir: string): Promise<unknown> };
  return transformer.parse?.(dir);
}

/** The resources that a selection touches, of what it writes and of what it reads, each with the first asset that needs it. */
export function neededResources(graph: Graph, keys: readonly string[]): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  const add = ({ store, resources, transform }: AssetDefinition, key: string): void => {
    const declared: readonly Resource[] = [
      ...Object.values((store?.resources ?? {}) as Readonly<Record<string, Resource>>),
      ...Object.values(resources),
    ];
    const names = [...declared.map(({ name }) => name), ...(transform === undefined ? [] : ['transformer', 'warehouse'])];
    for (const name of names) if (!needed.has(name)) needed.set(name, key);
  };
  for (const key of keys) {
    const asset = graph.get(key);
    add(asset, key);
    for (const { upstream } of Object.values(asset.dependencies)) add(upstream, key);
  }
  return needed;
}

/** The same store, that is told no secret. */
function redacted(store: RunStore, redactor: Redactor): RunStore {
  return {
    append: (events) => store.append(events.map((event) => redactor.event(event))),
    events: (filter) => store.events(filter),
    runs: (options) => store.runs(options),
    state: (assets) => store.state(assets),
  };
}

/** A state that was read already, as a run store that nothing is written to. */
function recordedOnly(state: RecordedState): RunStore {
  return { state: async () => state, append: async () => {}, events: async () => [], runs: async () => [] };
}
