import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { pack, unpack, type Packed } from '../../../../src/cli/airflow/native/msgpack.ts';

export interface SupervisorServer {
  /** `--comm` and `--logs`. */
  readonly args: readonly string[];
  /** What the task sent, in order. */
  readonly messages: readonly { readonly type: string; readonly [key: string]: unknown }[];
}

/** A supervisor that begins with this message, and answers what it is sent; with an error for messages of these types, as where the API server fails. */
export async function supervisorServer(startup: Packed, failing: readonly string[] = []): Promise<SupervisorServer> {
  const messages: { readonly type: string }[] = [];
  const framed = (value: Packed): Buffer => {
    const frame = pack(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(frame.length);
    return Buffer.concat([length, frame]);
  };
  const comm = createServer((socket: Socket) => {
    let rest = Buffer.alloc(0);
    const bytes = framed([0, startup]);
    // In two parts, as a network may bring it.
    socket.write(bytes.subarray(0, 3), () => socket.write(bytes.subarray(3)));
    socket
      .on('error', () => {})
      .on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
          const end = 4 + rest.readUInt32BE();
          const [id, body] = unpack(rest.subarray(4, end)) as readonly [Packed, { readonly type: string }];
          rest = rest.subarray(end);
          messages.push(body);
          socket.write(framed(failing.includes(body.type) ? [id, null, { error: 'API_SERVER_ERROR', type: 'ErrorResponse' }] : [id, null]));
        }
      });
  });
  const logs = createServer((socket) => void socket.on('error', () => {}).resume());
  const [commPort, logsPort] = await Promise.all([listening(comm), listening(logs)]);
  return { args: [`--comm=127.0.0.1:${commPort}`, `--logs=127.0.0.1:${logsPort}`], messages };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
