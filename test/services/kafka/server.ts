import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from '../free-port.ts';
import { installKafka, type KafkaVersion } from './install.ts';

const run = promisify(execFile);
const HOST = '127.0.0.1';
const START_SECONDS = 120;

/** A listener beside the plain one, such as `{ name: 'SASL', protocol: 'SASL_PLAINTEXT' }`. */
export interface Listener {
  readonly name: string;
  readonly protocol: 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';
}

export interface KafkaOptions {
  /** 3.9.1 unless given. */
  readonly version?: KafkaVersion;
  /** Of the broker, over those that a single one needs. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly listeners?: readonly Listener[];
  /** Users that log in by SCRAM, as `SCRAM-SHA-256=[name=alice,password=secret]`. */
  readonly scram?: readonly string[];
}

export interface KafkaServer {
  /** As SPINDLE_KAFKA_BROKERS takes it. */
  readonly brokers: string;
  readonly port: number;
  readonly pid: number;
  /** The address of a listener beside the plain one. */
  address(listener: string): string;
  /** Ends the broker and lets it close its logs. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, after `stop` or `kill`, on the same data and ports. */
  start(): Promise<void>;
  /** Runs a program of Kafka's own with lines as its standard input. */
  tool(main: string, args: readonly string[], lines?: readonly string[]): Promise<void>;
  /** Ends the broker and removes its data. */
  remove(): Promise<void>;
}

const SMALL = ['-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

const java = (libs: string, main: string, args: readonly string[]) => [...SMALL, '-cp', `${libs}/*`, main, ...args];

function propertiesOf(options: KafkaOptions, data: string, ports: readonly number[]): string {
  const [port, controller, ...others] = ports;
  const extra = (options.listeners ?? []).map(({ name, protocol }, i) => ({ name, protocol, at: `${name}://${HOST}:${others[i]}` }));
  const open = [`PLAINTEXT://${HOST}:${port}`, ...extra.map(({ at }) => at)];
  const protocols = extra.map(({ name, protocol }) => `${name}:${protocol}`);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${HOST}:${controller}`,
    listeners: [...open, `CONTROLLER://${HOST}:${controller}`].join(','),
    'advertised.listeners': open.join(','),
    'listener.security.protocol.map': ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...protocols].join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    'log.cleaner.dedupe.buffer.size': '16777216',
    // after a crash the broker is let in again only once its old session is over
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '1000',
    ...options.properties,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });

/** Starts a real Kafka of one broker (KRaft) on free ports, with its data in a temporary folder. Ends with this process at the latest. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const libs = await installKafka(options.version ?? '3.9.1');
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(options, libs);
    } catch (error) {
      // Another process may have taken one of the ports meanwhile.
      if (attempt === 3 || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function startOnFreePorts(options: KafkaOptions, libs: string): Promise<KafkaServer> {
  const listeners = options.listeners ?? [];
  const ports = await freePorts(2 + listeners.length);
  const [port = 0] = ports;
  const folder = await mkdtemp(join(tmpdir(), 'spindle-kafka-'));
  const [settings, log] = [join(folder, 'server.properties'), join(folder, 'broker.log')];
  await writeFile(settings, propertiesOf(options, join(folder, 'data'), ports));
  const users = (options.scram ?? []).flatMap((user) => ['--add-scram', user]);
  const format = ['format', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', settings, ...users];
  await run('java', java(libs, 'kafka.tools.StorageTool', format));

  let running: ChildProcess | undefined;
  const endWithProcess = () => void running?.kill('SIGKILL');

  async function start(): Promise<void> {
    const file = openSync(log, 'a');
    const child = spawn('java', java(libs, 'kafka.Kafka', [settings]), { cwd: folder, stdio: ['ignore', file, file] });
    closeSync(file);
    running = child;
    const end = performance.now() + START_SECONDS * 1000;
    while (!(await answers(port))) {
      if (child.exitCode !== null || performance.now() > end) {
        child.kill('SIGKILL');
        throw new Error(`Kafka did not start:\n${(await readFile(log, 'utf8')).slice(-4_000)}`);
      }
      await delay(50);
    }
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // a broker that was stopped by SIGSTOP hears of the other signals only then
    child.kill('SIGCONT');
    await ended;
  }

  async function remove(): Promise<void> {
    process.off('exit', endWithProcess);
    await end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }

  process.on('exit', endWithProcess);
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    brokers: `${HOST}:${port}`,
    port,
    get pid() {
      return running?.pid ?? 0;
    },
    address: (name) => `${HOST}:${ports[2 + listeners.findIndex((listener) => listener.name === name)]}`,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
    async tool(main, args, lines = []) {
      const program = spawn('java', java(libs, main, args), { stdio: ['pipe', 'ignore', 'inherit'] });
      program.stdin.end(lines.map((line) => `${line}\n`).join(''));
      const [code] = (await once(program, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`${main} ${args.join(' ')} ended with ${code}`);
    },
    remove,
  };
}
