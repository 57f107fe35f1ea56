import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensurePython } from '../../../../src/drivers/transformer/python-environment.ts';
import { isJob, ROOT, seconds, type ComposeConfiguration, type ComposeService, type Condition } from '../configuration.ts';
import { untilHealthy } from './health.ts';
import { layOut } from './image.ts';
import { unaccounted } from './kinds.ts';
import { createPlace, type Instance } from './place.ts';
import { inImage, programOf, toldOf } from './programs.ts';
import { start, type Ending, type Running } from './running.ts';

export interface Rehearsal {
  /** What stands in for /opt/spindle in both images. */
  readonly image: string;
  /** Starts all services in the order that they ask for, each once those before it are as far as it wants; resolves when all are healthy or have ended with 0. */
  up(): Promise<void>;
  /** The services in the order in which they started. */
  started(): readonly string[];
  /** The address of this machine in place of one of the containers', such as airflow-api-server:8080. */
  address(service: string, port: number): string;
  /** As `docker compose exec`: calls Spindle with the variables of the service. */
  spindle(service: string, ...args: readonly string[]): Promise<string>;
  /** Stops the service, all of its instances; how each one ended. */
  stop(service: string): Promise<readonly Ending[]>;
  /** Stops what still runs, the last one first; how each ended. */
  down(): Promise<Readonly<Record<string, readonly Ending[]>>>;
  logs(lines?: number): string;
  /** Ends everything, however it is, and removes its folder. */
  remove(): Promise<void>;
}

interface Part {
  readonly instance: Instance;
  readonly running: Running;
}

/** The services of the file as processes of this machine. `scale` says how many of a service there are to be, one unless given. */
export async function rehearse(configuration: ComposeConfiguration, scale: Readonly<Record<string, number>> = {}): Promise<Rehearsal> {
  const strangers = unaccounted(configuration.services);
  if (strangers.length > 0) throw new Error(`The rehearsal and docker-compose.yml are out of step:\n${strangers.join('\n')}`);
  const root = mkdtempSync(join(tmpdir(), 'spindle-rehearsal-'));
  const image = join(root, 'image');
  layOut(image);
  const python = await ensurePython({ root: ROOT, notify: () => undefined });
  const place = await createPlace(root, { '/opt/spindle': image, '/opt/dbt/bin/python': python });
  const parts = new Map<string, readonly Part[]>();
  // Once something fails, or all is to end, nothing more is started or waited for.
  const over = new AbortController();
  const { signal } = over;
  let launches: readonly Promise<unknown>[] = [];

  const launch = async (name: string): Promise<readonly Part[]> => {
    const service = configuration.services[name]!;
    const launched: Part[] = [];
    for (let number = 1; number <= (scale[name] ?? 1); number++) {
      signal.throwIfAborted();
      const instance = await place.instance(number === 1 ? name : `${name}-${number}`, name, service);
      const program = await programOf(instance, place);
      const begin = () => {
        const running = start(program, join(instance.folder, 'log'));
        parts.set(name, [...launched, { instance, running }]);
        return running;
      };
      let running = begin();
      if (isJob(service)) {
        for (let left = restartsOf(service); (await running.ended) !== 0; left--) {
          if (left === 0) throw new Error(`${instance.id} ended with ${running.ending()}:\n${running.log()}`);
          await delay(500, undefined, { signal });
          running = begin();
        }
      } else await untilHealthy(instance, place, { program, running, signal });
      launched.push({ instance, running });
    }
    return launched;
  };

  const stop = async (name: string): Promise<readonly Ending[]> => {
    const grace = seconds(configuration.services[name]?.stop_grace_period ?? '10s');
    return Promise.all((parts.get(name) ?? []).map(({ running }) => running.stop(grace)));
  };
  const running = () => [...parts].filter(([, of]) => of.some((part) => part.running.ending() === undefined)).map(([name]) => name);

  return {
    image,
    async up() {
      const reached = new Map<string, Promise<readonly Part[]>>();
      const reach = (name: string): Promise<readonly Part[]> => {
        const known = reached.get(name);
        if (known !== undefined) return known;
        const { depends_on = {} } = configuration.services[name]!;
        const reaching = Promise.all(
          Object.entries(depends_on).map(([needed, { condition }]) => awaited(reach(needed), needed, condition)),
        ).then(() => launch(name));
        reached.set(name, reaching);
        return reaching;
      };
      launches = Object.keys(configuration.services).map(reach);
      try {
        await Promise.all(launches);
      } catch (error) {
        over.abort(error);
        await Promise.allSettled(launches);
        throw error;
      }
    },
    started: () => [...parts.keys()],
    address: (service, port) => `127.0.0.1:${parts.get(service)?.[0]?.instance.ports.get(port)}`,
    async spindle(service, ...args) {
      const part = parts.get(service)?.[0];
      if (part === undefined) throw new Error(`${service} has not been started.`);
      const { cwd, env } = await inImage(part.instance, place, toldOf(part.instance, place));
      const call = promisify(execFile)(process.execPath, [join(image, 'bin/spindle.js'), ...args], { cwd, env, maxBuffer: 1 << 28 });
      return (await call).stdout;
    },
    stop,
    async down() {
      const how: Record<string, readonly Ending[]> = {};
      for (const name of running().toReversed()) how[name] = await stop(name);
      return how;
    },
    logs: (lines = 30) =>
      [...parts.values()]
        .flat()
        .map(({ instance, running: of }) => `--- ${instance.id}: ${of.ending() ?? 'running'}\n${of.log(lines)}`)
        .join('\n'),
    async remove() {
      over.abort(new Error('The rehearsal is over.'));
      await Promise.all([...parts.values()].flat().map(({ running: of }) => of.stop(0)));
      await Promise.allSettled(launches);
      rmSync(root, { recursive: true, force: true });
    },
  };

  /** What `launch` waits for is what the conditions of its dependents can ask for. */
  async function awaited(launched: Promise<unknown>, name: string, condition: Condition): Promise<void> {
    if (isJob(configuration.services[name]!) !== (condition === 'service_completed_successfully') || condition === 'service_started')
      throw new Error(`The rehearsal does not wait for the condition ${condition} of ${name}.`);
    await launched;
  }
}

/** How often the engine starts a job again that has failed. */
const restartsOf = ({ restart }: ComposeService): number => Number(/^on-failure:(\d+)$/.exec(restart)?.[1] ?? 0);
