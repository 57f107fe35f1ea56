import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { isSpindleError, SpindleError } from '../../runtime/errors.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { neededResources } from '../../runtime/graph/needed-resources.ts';
import { systemClock } from '../../runtime/run/system-clock.ts';
import { isStreamed } from '../../runtime/stream/is-streamed.ts';
import { streamAssets } from '../../runtime/stream/stream.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { runToEnd } from '../run-to-end.ts';
import { tagsOf, titleOf } from '../run-title.ts';
import { createEnds, type Ends } from './ends.ts';
import { createMetrics } from './metrics.ts';
import { parseAddress, serveMetrics, type Address, type MetricsServer } from './metrics-server.ts';
import { createStreamReport } from './report.ts';
import { STREAM_TAG } from './stream-tag.ts';

export interface StreamArguments {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly select: string;
  readonly config?: readonly string[] | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly rate?: number | undefined;
  /** Milliseconds. */
  readonly for?: number | undefined;
  readonly metrics?: string | undefined;
  readonly json: boolean;
}

/** Keeps the selected topics and landings running until the signal, or for as long as was asked. */
export async function runStream(args: StreamArguments, context: CommandContext): Promise<ExitCode> {
  const address = args.metrics === undefined ? undefined : parseAddress(args.metrics);
  const ends = createEnds(context.signal, args.for);
  try {
    const code = await openAndStream(args, context, { ends, address });
    // What goes on regardless, a generator that heeds no signal say, is not waited for.
    if (ends.begun) context.output.end();
    return code;
  } catch (error) {
    if (!ends.begun && context.signal.aborted && isSpindleError(error) && error.code === 'CANCELED') return EXIT.ok;
    throw error;
  } finally {
    ends.close();
  }
}

interface Frame {
  readonly ends: Ends;
  /** Where metrics are served. */
  readonly address: Address | undefined;
}

async function openAndStream(args: StreamArguments, context: CommandContext, { ends, address }: Frame): Promise<ExitCode> {
  const { output, redactor } = context;
  const pipeline = await openPipeline(args, { ...context, signal: ends.signal }, { parse: true });
  let server: MetricsServer | undefined;
  try {
    const { graph } = pipeline.session;
    const { streamed, left } = streamedAssets(graph, await pipeline.select(), args.select);
    const keys = streamed.map(({ key }) => key);
    if (left.length > 0) output.notice(`Not kept running, since no topic and no landing: ${left.join(', ')}.`);
    const needed = neededResources(graph, keys);
    pipeline.environment.require(needed.keys(), needed);
    const metrics = createMetrics(keys, redactor);
    server = address && (await serveMetrics(address, metrics));
    if (server !== undefined) output.notice(`Metrics: ${server.url}/metrics`);
    if (!(await prepare(pipeline, context, streamed))) return context.signal.aborted ? EXIT.ok : EXIT.failed;
    if (context.signal.aborted) return EXIT.ok;
    ends.begin();
    const report = createStreamReport({ output, redactor, json: args.json, assets: keys });
    try {
      report.started(pipeline.environment.name);
      await streamAssets({
        assets: streamed,
        title: { ...titleOf(pipeline), selection: args.select, tags: [STREAM_TAG, ...tagsOf(pipeline, args)] },
        runStore: await pipeline.runStore(),
        clock: systemClock,
        rate: args.rate,
        signal: ends.signal,
        drain: ends.drain,
        start: (asset, run, own) => pipeline.start({ keys: [asset], run, signal: own }),
        listen(asset, notice) {
          metrics.listen(asset, notice);
          report.listen(asset, notice);
        },
      });
      return EXIT.ok;
    } catch (error) {
      return report.failed(error);
    } finally {
      report.stopped(await metrics.summary());
    }
  } finally {
    await server?.close();
    await pipeline.close();
  }
}

interface Streamed {
  readonly streamed: readonly AssetDefinition[];
  /** Keys that were selected and cannot be kept running. */
  readonly left: readonly string[];
}

function streamedAssets(graph: Graph, keys: readonly string[], selection: string): Streamed {
  const selected = keys.map((key) => graph.get(key));
  const streamed = selected.filter(isStreamed);
  if (streamed.length > 0) return { streamed, left: selected.filter((asset) => !isStreamed(asset)).map(({ key }) => key) };
  const all = graph.assets.filter(isStreamed).map(({ key }) => key);
  throw new SpindleError('SELECTION_EMPTY', `The selection "${selection}" names no asset that can be kept running: a topic or a landing.`, {
    field: 'selection',
    remedy: all.length === 0 ? 'The project has none: materialize what you selected.' : `Those of the project are ${all.join(', ')}.`,
  });
}

/** Materializes what the streams read, where it is stale; false where that failed. */
async function prepare(pipeline: Pipeline, context: CommandContext, streamed: readonly AssetDefinition[]): Promise<boolean> {
  const { graph } = pipeline.session;
  const read = new Set<string>();
  const pending = [...streamed];
  for (let asset = pending.pop(); asset !== undefined; asset = pending.pop())
    for (const { upstream } of Object.values(asset.dependencies)) {
      if (read.has(upstream.key) || upstream.store?.spec.stream !== undefined) continue;
      read.add(upstream.key);
      pending.push(upstream);
    }
  const keys = graph.keys.filter((key) => read.has(key) && graph.get(key).run !== undefined && graph.get(key).store !== undefined);
  if (keys.length === 0) return true;
  const quiet = { ...context, output: { ...context.output, print: context.output.notice, json: () => {} } };
  const code = await runToEnd(pipeline, quiet, {
    start: { request: pipeline.request(keys) },
    title: { selection: keys.join(' or ') },
    json: false,
  });
  return code === EXIT.ok;
}
