import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What went between a client and the emulator. */
export interface Traffic {
  readonly statements: number;
  /** Requests of HTTP, each with its answer. */
  readonly roundTrips: number;
  /** Bytes of the bodies, both ways, and of the files that were put into the stage. */
  readonly bytes: number;
}

export interface CountingProxy {
  readonly url: string;
  /** Since the last call. */
  take(): Traffic;
  close(): void;
}

const nothing = (): { statements: number; roundTrips: number; bytes: number } => ({ statements: 0, roundTrips: 0, bytes: 0 });

/** Stands before the emulator and counts. The emulator's stage is a folder of this machine, so a file that is put there is counted by its size when its statement passes. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let counted = nothing();
  const { hostname, port } = new URL(target);

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    counted.roundTrips += 1;
    counted.bytes += body.length;
    const sql = incoming.url?.startsWith('/queries/v1/query-request') ? sqlOf(body, incoming.headers['content-encoding']) : undefined;
    if (sql !== undefined) {
      counted.statements += 1;
      const file = /^PUT 'file:\/\/([^']+)'/.exec(sql)?.[1];
      if (file !== undefined) counted.bytes += statSync(file).size;
    }
    const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers });
    onward.end(body);
    const [response] = (await once(onward, 'response')) as [IncomingMessage];
    const answer = await bytesOf(response);
    counted.bytes += answer.length;
    outgoing.writeHead(response.statusCode ?? 0, response.headers).end(answer);
  }

  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing).catch(() => outgoing.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = counted;
      counted = nothing();
      return taken;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function sqlOf(body: Buffer, encoding: string | undefined): string {
  const text = encoding === 'gzip' ? gunzipSync(body) : body;
  return (JSON.parse(text.toString()) as { readonly sqlText: string }).sqlText;
}
