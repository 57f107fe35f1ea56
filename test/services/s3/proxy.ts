import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { S3Server } from './server.ts';

export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** How many requests came before it. */
  readonly index: number;
}

/** What happens to a request on its way. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly code?: string; readonly message?: string }
  /** Answered so before the body is read, and then cut. */
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string; readonly message: string }
  /** Cut before the server hears of it. */
  | { readonly kind: 'cut-before' }
  /** Done by the server, but the answer is lost. */
  | { readonly kind: 'cut-after' }
  /** Cut behind so many bytes of the answer's body. */
  | { readonly kind: 'cut-within'; readonly bytes: number }
  /** Never answered. */
  | { readonly kind: 'stall' };

export interface Proxy {
  readonly endpoint: string;
  readonly seen: readonly Exchange[];
  /** Connections that were made to it so far, and those that stand now. */
  connections(): number;
  open(): number;
}

/** Stands before a server and does to each request what `inject` says; nothing where that is undefined. Signatures hold: the host's name is passed on. */
export async function startProxy(target: S3Server, inject: (exchange: Exchange) => Fault | undefined): Promise<Proxy> {
  const seen: Exchange[] = [];
  let connections = 0;
  let open = 0;
  const server = createServer((incoming, outgoing) => {
    const exchange = { method: incoming.method ?? '', url: incoming.url ?? '', index: seen.length };
    seen.push(exchange);
    const fault = inject(exchange);
    if (fault === undefined || fault.kind === 'cut-after' || fault.kind === 'cut-within') forward(target, { incoming, outgoing, fault });
    else if (fault.kind === 'cut-before') incoming.socket.resetAndDestroy();
    else if (fault.kind === 'stall') incoming.resume();
    else if (fault.kind === 'answer') incoming.resume().on('end', () => answer(outgoing, fault));
    else if (fault.kind === 'refuse') answer(outgoing, fault).on('finish', () => incoming.socket.destroySoon());
  });
  server.on('connection', (socket) => {
    connections += 1;
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, connections: () => connections, open: () => open };
}

function answer(outgoing: ServerResponse, { status, code, message = '' }: Fault & { readonly kind: 'answer' | 'refuse' }): ServerResponse {
  const text = code === undefined ? message : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return outgoing.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
}

interface Forwarding {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly fault: (Fault & { readonly kind: 'cut-after' | 'cut-within' }) | undefined;
}

function forward({ port }: S3Server, { incoming, outgoing, fault }: Forwarding): void {
  const { method, url: path, headers } = incoming;
  const cut = () => incoming.socket.resetAndDestroy();
  const onward = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
    if (fault?.kind === 'cut-after') {
      response.resume().on('end', cut);
      return;
    }
    outgoing.writeHead(response.statusCode ?? 0, response.headers);
    let left = fault?.kind === 'cut-within' ? fault.bytes : Infinity;
    response.on('data', (piece: Buffer) => {
      if (left <= 0) return;
      outgoing.write(piece.subarray(0, left), left <= piece.length ? cut : () => {});
      left -= piece.length;
    });
    response.on('end', () => outgoing.end()).on('error', cut);
  });
  onward.on('error', cut);
  incoming.pipe(onward);
}
