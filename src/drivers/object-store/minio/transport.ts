import type * as http from 'node:http';
import type * as https from 'node:https';
import type { Socket } from 'node:net';
import { readRefusal } from './refusal.ts';

export interface Timeouts {
  /** Milliseconds until a connection must stand, its encryption included. */
  readonly connect: number;
  /** Milliseconds without a byte in either direction. */
  readonly idle: number;
}

/** A request that took longer than allowed. */
export const TIMED_OUT = 'REQUEST_TIMED_OUT';

function timedOut(message: string): Error {
  return Object.assign(new Error(message), { code: TIMED_OUT });
}

/**
 * What the client sends its requests by: with timeouts, and failing with a Refusal where the answer is no success. Left to itself the client
 * waits forever, writes its retries to the console, and throws away what the server says of an error that it would retry.
 */
export function createTransport({ request }: typeof http | typeof https, timeouts: Timeouts): Pick<typeof http, 'request'> {
  const send = (options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void): http.ClientRequest => {
    let response: http.IncomingMessage | undefined;
    const outgoing = request(options, (incoming) => {
      response = incoming;
      const { statusCode = 0 } = incoming;
      if (statusCode >= 200 && statusCode < 300) {
        onResponse(incoming);
        return;
      }
      // A server that refuses what is still being sent may cut the connection: what it said counts, not that.
      const listeners = outgoing.listeners('error');
      outgoing.removeAllListeners('error').on('error', () => {});
      void readRefusal(incoming).then((refusal) => {
        for (const listener of listeners) listener.call(outgoing, refusal);
        if (!outgoing.writableFinished) outgoing.destroy();
      });
    });
    outgoing.once('socket', (socket) => {
      limitConnecting(outgoing, socket, timeouts.connect);
      const onIdle = () => {
        // What waits for its reader is no fault of the server.
        if (response !== undefined && response.readableLength > 0) socket.setTimeout(timeouts.idle);
        else outgoing.destroy(timedOut(`nothing was heard for ${timeouts.idle / 1000} s`));
      };
      socket.setTimeout(timeouts.idle).on('timeout', onIdle);
      // The next request on this connection has its own.
      outgoing.once('close', () => socket.setTimeout(0).off('timeout', onIdle));
    });
    return outgoing;
  };
  return { request: send as typeof http.request };
}

function limitConnecting(outgoing: http.ClientRequest, socket: Socket, milliseconds: number): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => outgoing.destroy(timedOut(`no connection within ${milliseconds / 1000} s`)), milliseconds);
  const connected = 'encrypted' in socket ? 'secureConnect' : 'connect';
  for (const event of [connected, 'close']) socket.once(event, () => clearTimeout(timer));
}
