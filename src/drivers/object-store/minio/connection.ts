import * as http from 'node:http';
import * as https from 'node:https';
import { rootCertificates } from 'node:tls';
import type { Client } from 'minio';
import { explain, type Operation, type Place } from './explain.ts';
import { loadMinio } from './load-minio.ts';
import { Refusal } from './refusal.ts';
import { withRetries } from './retry.ts';
import { isNetworkError } from './transient.ts';
import { createTransport, type Timeouts } from './transport.ts';

/** Requests to the server at once; more wait for one of them. */
const CONNECTIONS = 32;

export interface ConnectionOptions {
  /** `http://host:port` or `https://…`, without a path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  /** True where the bucket is a part of the path, false where it is a part of the host's name. */
  readonly pathStyle: boolean;
  /** A certificate authority to trust beside the known ones, as PEM. */
  readonly authority?: string;
  /** Milliseconds for which a request that fails for a moment only is tried again. */
  readonly patience: number;
  readonly timeouts: Timeouts;
  /** Ends the waiting between attempts. */
  readonly signal: AbortSignal;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly key?: string;
  /** As in a URL, each part escaped. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface Ask<T> {
  readonly request: S3Request;
  readonly operation: Operation;
  /** Makes the answer of the response, and reads all of it or destroys it. */
  read(response: http.IncomingMessage): Promise<T>;
  /** The answer that a refusal means; undefined where it is an error. */
  recognize?(refusal: Refusal): T | undefined | Promise<T | undefined>;
  /**
   * Called where the connection broke, before the request is made again: a server may have done it, or refuse it and cut the connection before
   * the whole body is sent. What it gives is the answer, but for undefined.
   */
  lookAfter?(): Promise<T | undefined>;
}

/** The server with its bucket. Every error is one of Spindle. */
export interface Connection {
  readonly place: Place;
  readonly client: Client;
  /** Asks, and again while it fails for a moment only. */
  ask<T>(ask: Ask<T>): Promise<T>;
  /** One attempt, whose error is that of the client or the network. */
  attempt(request: S3Request): Promise<http.IncomingMessage>;
  /** Ends what is under way. */
  close(): void;
}

export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { endpoint, bucket, accessKey, secretKey, region, pathStyle, authority, patience, timeouts, signal } = options;
  const url = new URL(endpoint);
  const useSSL = url.protocol === 'https:';
  const limits = { keepAlive: true, maxSockets: CONNECTIONS };
  const agent = useSSL
    ? new https.Agent({ ...limits, ...(authority !== undefined && { ca: [...rootCertificates, authority] }) })
    : new http.Agent(limits);
  const client = new (await loadMinio()).Client({
    endPoint: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(url.port !== '' && { port: Number(url.port) }),
    useSSL,
    accessKey,
    secretKey,
    region,
    pathStyle,
    transport: createTransport(useSSL ? https : http, timeouts),
    transportAgent: agent,
    retryOptions: { disableRetry: true },
  });
  const closing = new AbortController();
  const ending = AbortSignal.any([signal, closing.signal]);
  const place: Place = { endpoint: url.origin, bucket, region };

  // The client checks statuses only where the transport lets them pass.
  const attempt = ({ method, key, query, headers = {}, body }: S3Request): Promise<http.IncomingMessage> =>
    client.makeRequestAsync(
      {
        method,
        bucketName: bucket,
        headers: { ...headers },
        ...(key !== undefined && { objectName: key }),
        ...(query !== undefined && { query }),
      },
      body,
      [200, 204, 206],
    );

  return {
    place,
    client,
    attempt,
    async ask({ request, operation, read, recognize, lookAfter }) {
      let broke = false;
      try {
        return await withRetries(
          async () => {
            const known = broke ? await lookAfter?.() : undefined;
            if (known !== undefined) return known;
            try {
              return await read(await attempt(request));
            } catch (error) {
              broke = isNetworkError(error);
              const answer = error instanceof Refusal ? await recognize?.(error) : undefined;
              if (answer !== undefined) return answer;
              throw error;
            }
          },
          { milliseconds: patience, signal: ending },
        );
      } catch (error) {
        throw explain(error, operation, place);
      }
    },
    close() {
      closing.abort(new Error('The lake was closed.'));
      agent.destroy();
    },
  };
}
