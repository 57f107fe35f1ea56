import { headLink } from '../../runtime/landing/chain.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import { createTally } from '../../runtime/run/tally.ts';
import { runSelection } from '../../runtime/run/run-selection.ts';
import { quoteTable } from '../../runtime/schema/quote.ts';
import type { CommandContext } from '../command.ts';
import type { Pipeline } from '../pipeline.ts';
import { createProgressView } from '../progress/progress-view.ts';
import { summarize } from '../run-summary.ts';
import { titleOf } from '../run-title.ts';
import type { SourceReplay } from './replay-report.ts';

export interface LoadingReplays {
  readonly pipeline: Pipeline;
  readonly context: CommandContext;
  readonly lake: ObjectStore;
  /** The assets of the tables that have to be rebuilt for it. */
  readonly outdated: ReadonlySet<string>;
  readonly json: boolean;
}

/** What became of the replays. */
export interface LoadedReplays {
  /** The assets of the tables that were to load them. */
  readonly tables: readonly string[];
  /** True where each of the tables holds each of the replays, and the runs succeeded. */
  readonly complete: boolean;
  /** Summaries of the runs. */
  readonly runs: readonly unknown[];
}

/** Loads the tables behind the replays: by a run as any other, and one more with a full refresh for those that have to be rebuilt. */
export async function loadReplays(replays: readonly SourceReplay[], loading: LoadingReplays): Promise<LoadedReplays> {
  const { outdated, pipeline } = loading;
  const pending = replays.filter(({ replayed }) => replayed.replays.length > 0);
  const wanted = new Set(pending.flatMap(({ source }) => source.tables.map(({ asset }) => asset)));
  const tables = pipeline.session.graph.keys.filter((key) => wanted.has(key));
  const runs: unknown[] = [];
  let succeeded = true;
  for (const fullRefresh of [false, true]) {
    const keys = tables.filter((key) => outdated.has(key) === fullRefresh);
    if (keys.length === 0) continue;
    const run = await runTables(keys, fullRefresh, loading);
    runs.push(run.summary);
    succeeded &&= run.succeeded;
  }
  let complete = succeeded;
  for (const one of pending) complete &&= await isLoaded(one, loading);
  return { tables, complete, runs };
}

async function runTables(keys: readonly string[], fullRefresh: boolean, { pipeline, context: { output }, json }: LoadingReplays) {
  const view = createProgressView(output, json);
  try {
    const tally = createTally();
    const request = { ...pipeline.request(keys), ...(fullRefresh && { fullRefresh }) };
    const run = await pipeline.start({
      request,
      listen(event) {
        tally.listen(event);
        view.listen(event);
      },
      progress: view.progress,
    });
    const status = await runSelection(run, { ...titleOf(pipeline), selection: keys.join(' or '), request }, tally.hasFailed);
    view.close();
    const summary = await summarize(run, tally, status);
    if (!json) output.print(summary.text(output.style));
    return { summary: summary.json, succeeded: status === 'succeeded' };
  } finally {
    view.close();
  }
}

/** Whether each table of the landing has all rows of its replays. */
async function isLoaded({ source, replayed }: SourceReplay, { lake, pipeline }: LoadingReplays): Promise<boolean> {
  for (const { table, warehouse: name } of source.tables) {
    const warehouse = (await pipeline.environment.open(name)) as Warehouse;
    for (const key of replayed.replays) {
      const [found] = await warehouse.query(`SELECT count(*) AS n FROM ${quoteTable(table, warehouse.dialect)} WHERE _object = ?`, [key]);
      if (Number(found?.['n']) !== (await headLink(lake, key)).rows) return false;
    }
  }
  return true;
}
