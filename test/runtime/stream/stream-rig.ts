import { topic, landing, asset, type Broker, type ObjectStore } from 'spindle';
import { z } from 'zod';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import type { Clock } from '../../../src/runtime/resource/clock.ts';
import type { RunStore } from '../../../src/runtime/resource/run-store.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { runSelection } from '../../../src/runtime/run/run-selection.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { systemClock } from '../../../src/runtime/run/system-clock.ts';
import type { StreamNotice } from '../../../src/runtime/stream/notice.ts';
import { streamAssets } from '../../../src/runtime/stream/stream.ts';

const Play = z.object({ id: z.int() });

/** Numbers without end, one every few milliseconds, from where the topic ends on. */
export const plays = asset('stream/plays', { store: topic('plays', Play, { partitions: 2 }) }).run((_, { signal }) => ({
  generator: 'plays',
  start: (resume) => ({
    state: '',
    records: (async function* () {
      for (let sequence = (resume?.sequence ?? -1) + 1; !signal.aborted; sequence++) {
        yield { sequence, value: { id: sequence } };
        if (sequence % 10 === 9) await new Promise((resolve) => void setTimeout(resolve, 2));
      }
    })(),
  }),
}));

export const landedPlays = asset('lake/plays', {
  store: landing('raw', Play, { rotate: { every: '1s', thin: '1s', records: 50 } }),
  deps: { plays },
}).run(({ plays: topicOfPlays }) => topicOfPlays);

export interface SceneOptions {
  readonly broker?: Broker;
  readonly lake?: ObjectStore;
  readonly runStore?: RunStore;
  readonly clock?: Clock;
  readonly rate?: number;
}

interface Definable {
  readonly definition: AssetDefinition;
}

/** Of these assets and all that they read. */
function graphOf(assets: readonly Definable[]) {
  const all = new Map<string, AssetDefinition>();
  const add = (one: AssetDefinition): void => {
    for (const { upstream } of Object.values(one.dependencies)) add(upstream);
    all.set(one.key, one);
  };
  for (const { definition } of assets) add(definition);
  return buildGraph({ assets: [...all.values()], checks: [], jobs: [] });
}

/** The servers of a project; each `start` is a process that streams some of its assets. */
export function streamScene({
  broker = createMemoryBroker(),
  lake = createMemoryObjectStore(),
  runStore = createMemoryRunStore(),
  clock = systemClock,
  rate,
}: SceneOptions = {}) {
  const resources: Readonly<Record<string, unknown>> = { broker, lake };
  const events = async (): Promise<readonly RunEvent[]> => runStore.events({});
  const shared = { resources: { open: async (name: string) => resources[name] }, clock, runStore };
  /** One run of all of them, that ends. */
  const materialize = async (...assets: readonly Definable[]) => {
    const signal = new AbortController().signal;
    const graph = graphOf(assets);
    const run = await startRun({ ...shared, graph, run: 'bounded', selection: graph.keys, signal });
    return runSelection(run, { project: 'p', environment: 'e', selection: '**' }, () => false);
  };
  const start = (...assets: readonly Definable[]) => {
    const [hard, drain] = [new AbortController(), new AbortController()];
    const notices: { readonly asset: string; readonly notice: StreamNotice }[] = [];
    const done = streamAssets({
      assets: assets.map(({ definition }) => definition),
      title: { project: 'p', environment: 'e', selection: 's', tags: ['stream'] },
      runStore,
      clock,
      rate,
      signal: hard.signal,
      drain: drain.signal,
      start: (key, run, signal) => startRun({ ...shared, graph: graphOf(assets), run, selection: [key], signal }),
      listen: (key, notice) => void notices.push({ asset: key, notice }),
    });
    done.catch(() => {}); // whoever waits for it is told
    return {
      done,
      hard,
      notices,
      told: <T extends StreamNotice['type']>(key: string, type: T) =>
        notices.flatMap(({ asset: of, notice }) =>
          of === key && notice.type === type ? [notice as Extract<StreamNotice, { type: T }>] : [],
        ),
      signals: [hard.signal, drain.signal],
      drain() {
        drain.abort();
        return done;
      },
    };
  };
  return { broker, lake, runStore, events, materialize, start };
}

/** The ids in the topic, in the order of their numbers. */
export async function producedIds(broker: Broker): Promise<number[]> {
  const ids: number[] = [];
  for (const { partition, end } of await broker.offsets('plays'))
    for await (const batch of broker.read('plays', partition, { from: 0, to: end }))
      ids.push(...batch.map(({ value }) => (JSON.parse(String(Buffer.from(value ?? []))) as { readonly id: number }).id));
  return ids.toSorted((a, b) => a - b);
}
