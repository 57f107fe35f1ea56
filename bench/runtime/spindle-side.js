// One measurement of `bench runtime` on this project's side, in a process of its own: spindle-side.js MODE SHAPE COUNT [FOLDER].
// It uses the package as a user's project does; what it measured goes to the standard output as one line of JSON.
import { existsSync, readFileSync } from 'node:fs';

const begun = performance.now();
const [mode, shape, count, folder] = process.argv.slice(2);
const LAYER = 100;
const NAMES = ['first', 'second'];
const WRAP = 1_000_007;

const seconds = (since) => (performance.now() - since) / 1000;
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** MiB. Where Linux tells it, of this program alone: what the system counts for a process begins with that of the process that started it. */
function peakMemory() {
  if (!existsSync('/proc/self/status')) return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

/** Which assets each one reads: the one before it, or two of the layer before. */
function parentsOf(index) {
  if (shape === 'chain') return index === 0 ? [] : [index - 1];
  const start = (Math.floor(index / LAYER) - 1) * LAYER;
  return start < 0 ? [] : [start + (index % LAYER), start + ((index + 1) % LAYER)];
}

/** Each asset's value is validated as a whole number: by its store where it has one, else by the schema itself, and then it is kept as it is for the run. */
async function declare(stored) {
  const { asset, value } = await import('spindle');
  const { z } = await import('zod');
  const started = performance.now();
  const number = z.int();
  const store = stored ? value(number) : undefined;
  const assets = [];
  for (let index = 0; index < Number(count); index++) {
    const deps = Object.fromEntries(parentsOf(index).map((parent, place) => [NAMES[place], assets[parent]]));
    const body = (inputs) => (Object.values(inputs).reduce((sum, input) => sum + input, 0) % WRAP) + 1;
    const declared = asset(`asset_${index}`, { store, deps });
    assets.push(declared.run(stored ? body : (inputs) => number.parse(body(inputs))));
  }
  return { assets, define: seconds(started) };
}

async function graphOf(assets) {
  // The graph is built inside of `materialize`; by itself, by the module that does it.
  const { buildGraph } = await import('../../dist/runtime/graph/graph.js');
  const started = performance.now();
  const graph = buildGraph({ assets: assets.map(({ definition }) => definition), checks: [], jobs: [] });
  return { graph, resolve: seconds(started) };
}

const MODES = {
  /** Import, definition and resolution of the graph. */
  async load() {
    const { assets, define } = await declare(true);
    const { resolve } = await graphOf(assets);
    return { define, resolve };
  },
  /** Resolution of the graph and the plan of a first run over it. */
  async plan() {
    const { assets } = await declare(true);
    const { graph, resolve } = await graphOf(assets);
    const { startRun } = await import('../../dist/runtime/run/start-run.js');
    const { plan } = await import('../../dist/runtime/plan/plan.js');
    const { systemClock } = await import('../../dist/runtime/run/system-clock.js');
    const started = performance.now();
    const resources = { open: async (name) => Promise.reject(new Error(name)) };
    const run = await startRun({
      run: 'plan',
      graph,
      selection: graph.keys,
      resources,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    const planned = plan({ ...run, selection: graph.keys });
    if (planned.assets.some(({ action }) => action !== 'run')) throw new Error('A first run makes everything.');
    return { resolve, plan: seconds(started) };
  },
  /** Values stay as they are, in memory. */
  memory: async () => materialized({ stored: false }),
  /** Values are JSON in an object store, which is in memory. */
  stored: async () => materialized({ stored: true }),
  /** The same, and every event goes to a SQLite file. */
  async persistent() {
    const { sqliteRunStore } = await import('spindle/drivers');
    const provider = sqliteRunStore();
    const runStore = await provider.open({ directory: folder, faults: () => {} });
    return materialized({ stored: true, runStore }, () => provider.close(runStore));
  },
};

async function materialized({ stored, ...options }, close = async () => {}) {
  const { materialize } = await import('spindle');
  const { ephemeral } = await import('spindle/testing');
  const { lake } = ephemeral().resources;
  const { assets } = await declare(stored);
  const busy = cpu();
  const started = performance.now();
  const run = await materialize(assets, { resources: { lake }, ...options });
  await close();
  const measured = { wall: seconds(started), cpu: cpu() - busy };
  if (!run.ok || run.ran.length !== assets.length) throw new Error(`Only ${run.ran.length} assets were materialized.`);
  return { ...measured, events: run.events.length, value: await run.output(assets.at(-1)) };
}

const result = await MODES[mode]();
const whole = { total: seconds(begun), memory: peakMemory() };
process.stdout.write(`${JSON.stringify({ ...result, ...whole })}\n`);
