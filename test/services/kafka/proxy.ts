import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Bytes that the server answered so far. */
  readonly answered: number;
  /** Where it leads to, from now on. */
  leadTo(port: number): void;
  /** Breaks every connection in place of handing on the next bytes of an answer for which `answers` says yes. Resolves once it did. */
  loseAnswer(answers: (bytes: Buffer) => boolean): Promise<void>;
  /** Lets nobody through, from now on or no more. */
  block(blocked: boolean): void;
  close(): Promise<void>;
}

/** A way to a server on this machine, which can lose what the server answers. */
export async function startProxy(): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let target = 0;
  let isBlocked = false;
  let answered = 0;
  let lose: { readonly answers: (bytes: Buffer) => boolean; readonly done: () => void } | undefined;

  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (isBlocked) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: target });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // the other end broke it, as it is meant to
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (bytes: Buffer) => {
      answered += bytes.length;
      if (lose?.answers(bytes)) {
        lose.done();
        lose = undefined;
        breakAll();
      } else {
        client.write(bytes);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get answered() {
      return answered;
    },
    leadTo(port) {
      target = port;
    },
    loseAnswer: (answers) => new Promise((done) => void (lose = { answers, done })),
    block(blocked) {
      isBlocked = blocked;
      if (blocked) breakAll();
    },
    async close() {
      breakAll();
      await once(server.close(), 'close');
    },
  };
}
