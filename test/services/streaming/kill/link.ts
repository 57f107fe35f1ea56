import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createFlow, type Flow } from './flow.ts';

/**
 * What a network does between clients and their server. `refused`: every connection is reset, old and new. `stalled`: bytes lie where they are, in both
 * directions, and go on when it opens. `deaf`: what clients send arrives, and no answer does; these connections are reset when it opens.
 */
export type Weather = 'open' | 'refused' | 'stalled' | 'deaf';

/** A TCP proxy before one server. */
export interface Link {
  readonly port: number;
  /** As host:port. */
  readonly address: string;
  /** Where connections made from now on lead to, on this host. */
  lead(port: number): void;
  become(weather: Weather): void;
  /** Resets the connections that stand; new ones pass. */
  cut(): void;
  /** Stalls the connections that stand until the function that it gives is called; new ones pass. */
  hold(): () => void;
  /** Bytes of clients that are on their way and do not arrive. */
  readonly held: number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function openLink(): Promise<Link> {
  const pairs = new Set<Pair>();
  let weather: Weather = 'open';
  let target = 0;
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    if (weather === 'refused') {
      client.on('error', () => {}); // it may have gone already
      reset(client);
      return;
    }
    const pair = createPair(client, target, () => pairs.delete(pair));
    pairs.add(pair);
    pair.become(weather);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => pairs.forEach((pair) => pair.cut());
  return {
    port,
    address: `${HOST}:${port}`,
    lead: (to) => void (target = to),
    cut,
    become(next) {
      const lost = next === 'refused' || (weather === 'deaf' && next === 'open');
      weather = next;
      if (lost) cut();
      else for (const pair of pairs) pair.become(next);
    },
    hold() {
      const held = [...pairs];
      for (const pair of held) pair.become('stalled');
      return () => held.forEach((pair) => pair.become('open'));
    },
    get held() {
      return [...pairs].reduce((sum, pair) => sum + pair.held, 0);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

/** One connection through the link. */
interface Pair {
  readonly held: number;
  become(weather: Exclude<Weather, 'refused'>): void;
  cut(): void;
}

/** `over` is called when both ends are closed. */
function createPair(client: Socket, port: number, over: () => void): Pair {
  let server: Socket | undefined;
  let down: Flow | undefined;
  const cut = () => {
    reset(client);
    if (server !== undefined) reset(server);
  };
  function closed(): void {
    if (client.destroyed && (server === undefined ? up.held === 0 : server.destroyed)) over();
  }
  // Only once bytes pass: a connection that is made in a stall waits too.
  const dial = (): Socket => {
    if (server !== undefined) return server;
    server = connect({ host: HOST, port, allowHalfOpen: true });
    down = createFlow(server, () => client);
    server.on('error', () => reset(client)).once('close', closed);
    return server;
  };
  const up = createFlow(client, dial);
  client.once('close', closed);
  return {
    get held() {
      return up.held;
    },
    cut,
    become(weather) {
      switch (weather) {
        case 'open':
          up.become('pass');
          dial();
          down?.become('pass');
          return;
        case 'deaf':
          up.become('pass');
          dial();
          down?.become('drop');
          return;
        case 'stalled':
          up.become('hold');
          down?.become('hold');
      }
    },
  };
}

/** Node cannot reset a socket that has ended: its handle would never be closed. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
