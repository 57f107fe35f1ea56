import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Mutation } from './project/mutations.ts';
import { producerConfig, SPINDLE, type Production, type Rig } from './rig.ts';

export const LANDERS = ['lander-1', 'lander-2', 'lander-3'] as const;
export const ROLES = ['producer', ...LANDERS] as const;
export type Role = (typeof ROLES)[number];

export interface StartOptions {
  /** What SPINDLE_FAULT says. */
  readonly fault?: string;
  /** Of the producer, in place of the production's. */
  readonly events?: number;
  /** Serves metrics and its health. */
  readonly watched?: boolean;
}

/** A line that a stream wrote of itself, as `spindle stream --json` does. */
export interface StreamLine {
  readonly type: string;
  readonly partitions?: readonly number[];
  readonly partition?: number;
  readonly records?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a process of the crew came to. */
export interface CrewEnd {
  readonly role: Role;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What the fault log says, such as `land.after-put@2`; undefined where no fault was reached. */
  readonly hit: string | undefined;
}

/** One process of the crew, from its start to its end. */
export interface Hand {
  readonly role: Role;
  readonly pid: number;
  readonly lines: readonly StreamLine[];
  /** Partitions that the group gave it last; undefined before it was given any division. */
  readonly partitions: readonly number[] | undefined;
  /** As in {@link CrewEnd}, at once. */
  readonly hit: string | undefined;
  /** Where its metrics are, once it serves them. */
  readonly address: string | undefined;
  readonly ended: Promise<CrewEnd>;
  signal(name: NodeJS.Signals): void;
}

/** The processes that stream: each is started anew when it was killed, and told of where it ends by itself. */
export interface Crew {
  hand(role: Role): Hand;
  /** Ends the process in order, where there is one, and starts it with these options. Who takes its role after it has none of them. */
  start(role: Role, options?: StartOptions): Promise<Hand>;
  /** Kills the process; another one takes its role at once, with these options. Gives that. */
  kill(role: Role, next?: StartOptions): Promise<Hand>;
  /** Ends the process in order. Its role stays empty. */
  end(role: Role): Promise<CrewEnd>;
  /** Resolves when the condition holds; it is asked whenever a process writes or ends, and now and then. Rejects after so many milliseconds. */
  until(what: string, holds: () => boolean | Promise<boolean>, patience?: number): Promise<void>;
  /** How often processes of this role wrote something: objects, or some seconds of the producer. */
  flushed(role: Role): number;
  /** Processes that ended otherwise than they were told to, in words. */
  readonly problems: readonly string[];
  /** Ends of processes that a fault killed, or a signal. */
  readonly kills: readonly CrewEnd[];
  /** Whether the producer that was started last came to the end of what it makes. */
  readonly isProduced: boolean;
  close(): Promise<void>;
}

type Own = Hand & {
  /** That it is to end. */
  told: boolean;
  /** How the one is started that takes its role. */
  next: StartOptions;
};

const PATIENCE = 60_000;
const LOOK = 200;

/** With a mutation, every process of the crew is wrong in that way. */
export function createCrew(rig: Rig, mutation?: Mutation): Crew {
  const hands = new Map<Role, Own>();
  const problems: string[] = [];
  const kills: CrewEnd[] = [];
  const watchers = new Set<() => void>();
  const flushes = new Map<Role, number>();
  const changed = () => watchers.forEach((watch) => watch());
  let count = 0;
  let closing = false;
  let produced = false;

  const launch = (role: Role, { fault, events, watched = false }: StartOptions = {}): Own => {
    const place = join(rig.folder, 'logs', `${String(++count).padStart(3, '0')}-${role}`);
    const args = [
      ...argumentsOf(role, { ...rig.production, ...(events !== undefined && { events }) }),
      ...(watched ? ['--metrics', '127.0.0.1:0'] : []),
    ];
    const child = spawn(process.execPath, [SPINDLE, 'stream', ...args], {
      cwd: rig.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...rig.env,
        ...(fault !== undefined && { SPINDLE_FAULT: fault, SPINDLE_FAULT_LOG: `${place}.fault` }),
        ...(mutation !== undefined && { SPINDLE_TEST_MUTATION: mutation }),
      },
    });
    const lines: StreamLine[] = [];
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4_000)));
    child.stderr.pipe(createWriteStream(`${place}.err`));
    child.stdout.pipe(createWriteStream(`${place}.out`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = parseLine(line);
      lines.push(parsed);
      if (parsed.type === 'flushed') flushes.set(role, (flushes.get(role) ?? 0) + 1);
      changed();
    });
    const hit = () => (existsSync(`${place}.fault`) ? /^fault hit: (.*)$/m.exec(readFileSync(`${place}.fault`, 'utf8'))?.[1] : undefined);
    const hand: Own = {
      role,
      pid: child.pid ?? 0,
      lines,
      told: false,
      next: {},
      get partitions() {
        return lines.findLast(({ type }) => type === 'assigned')?.partitions;
      },
      get hit() {
        return hit();
      },
      get address() {
        return /Metrics: (\S+)\/metrics/.exec(errors)?.[1];
      },
      ended: endOf(child, role, hit),
      signal: (name) => void child.kill(name),
    };
    hands.set(role, hand);
    void hand.ended.then((end) => {
      if (end.signal === 'SIGKILL') kills.push(end);
      const current = hands.get(role) === hand;
      if (role === 'producer' && end.code === 0 && !hand.told) produced = true;
      else if (end.signal !== 'SIGKILL' && !(hand.told && (end.code === 0 || lines.length === 0)))
        problems.push(`${role} (${place}) ended with ${end.code ?? end.signal}${hand.told ? '' : ' by itself'}: ${errors.slice(-1_000)}`);
      if (!closing && current && !hand.told && !(role === 'producer' && produced)) launch(role, hand.next);
      changed();
    });
    return hand;
  };
  const handOf = (role: Role): Own => {
    const hand = hands.get(role);
    if (hand === undefined) throw new Error(`Nobody is ${role}.`);
    return hand;
  };
  const end = async (role: Role): Promise<CrewEnd> => {
    const hand = handOf(role);
    hand.told = true;
    hand.signal('SIGTERM');
    const ended = await hand.ended;
    hands.delete(role);
    return ended;
  };

  return {
    hand: handOf,
    async start(role, started) {
      if (hands.has(role)) await end(role);
      if (role === 'producer') produced = false;
      return launch(role, started);
    },
    async kill(role, next = {}) {
      const hand = handOf(role);
      hand.next = next;
      hand.signal('SIGKILL');
      await hand.ended;
      await Promise.resolve();
      return handOf(role);
    },
    end,
    async until(what, holds, patience = PATIENCE) {
      const deadline = performance.now() + patience;
      while (!(await holds())) {
        if (performance.now() > deadline) throw new Error(`Waited ${patience / 1000} s in vain: ${what}. ${problems.join('\n')}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, LOOK);
          function done(): void {
            clearTimeout(timer);
            watchers.delete(done);
            resolve();
          }
          watchers.add(done);
        });
      }
    },
    flushed: (role) => flushes.get(role) ?? 0,
    problems,
    kills,
    get isProduced() {
      return produced;
    },
    async close() {
      closing = true;
      for (const { signal } of hands.values()) {
        signal('SIGKILL');
      }
      await Promise.all([...hands.values()].map(({ ended }) => ended));
    },
  };
}

function argumentsOf(role: Role, production: Production): readonly string[] {
  return role === 'producer' ? ['stream/orders', '--json', ...producerConfig(production)] : ['lake/orders', '--json'];
}

function parseLine(line: string): StreamLine {
  try {
    return JSON.parse(line) as StreamLine;
  } catch {
    return { type: `no JSON: ${line}` }; // a line that a kill cut off
  }
}

async function endOf(child: ChildProcess, role: Role, hit: () => string | undefined): Promise<CrewEnd> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { role, code, signal, hit: hit() };
}
