import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { SpindleError } from '../../../runtime/errors.ts';
import { pack, unpack, type Packed } from './msgpack.ts';

export type Message = { readonly type: string; readonly [key: string]: Packed | undefined };

/** The process of Airflow that watches over this task, and speaks to the API server for it. */
export interface Supervisor {
  /** What it tells of the task, unasked. */
  startup(): Promise<Packed>;
  /** Resolves once it has done what the message says; an error where it could not. */
  send(message: Message): Promise<void>;
  /** Resolves when all is sent. */
  close(): Promise<void>;
}

/** Connects to `host:port`. Frames are a length of four bytes and an array in MessagePack: an id and a body, in answers also an error. */
export async function connectSupervisor(address: string): Promise<Supervisor> {
  const socket = await connectTo(address);
  const frames = framesOf(socket);
  let id = 0;
  const next = async (): Promise<readonly Packed[]> => {
    const { value, done } = await frames.next();
    if (done === true) throw lost('It closed the connection.');
    if (!Array.isArray(value)) throw lost('It sent a frame that is no list.');
    return value as readonly Packed[];
  };
  return {
    async startup() {
      const [, body = null] = await next();
      return body;
    },
    async send(message) {
      id += 1;
      const frame = pack([id, message]);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(frame.length);
      socket.write(Buffer.concat([length, frame]));
      const [, , error = null] = await next();
      if (error !== null) throw lost(`It could not do ${message.type}: ${JSON.stringify(error)}`);
    },
    close: () => flushed(socket),
  };
}

/** Connects to `host:port`; a connection that breaks later is told by what is read, not by an error. */
export async function connectTo(address: string): Promise<Socket> {
  const at = address.lastIndexOf(':');
  const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true });
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw lost(error instanceof Error ? error.message : String(error));
  }
  socket.on('error', () => {});
  return socket;
}

/**
 * Resolves when all that was written is sent, and lets the process end. The end closes the connection: a supervisor that finds all connections closed before
 * it sees the process end does not look again until its next heartbeat.
 */
export const flushed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.write('', () => resolve(void socket.unref()));
  });

async function* framesOf(socket: Socket): AsyncGenerator<Packed> {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
      const end = 4 + rest.readUInt32BE();
      yield unpack(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
  }
}

const lost = (what: string): SpindleError =>
  new SpindleError('INTERNAL', `The supervisor of the Airflow task did not answer as expected: ${what}`, {
    remedy: 'Native tasks are an experiment for Airflow 3.3: generate the DAGs without airflow.experimental.nativeTasks.',
  });
