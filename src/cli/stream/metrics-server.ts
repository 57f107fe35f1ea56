import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpindleError } from '../../runtime/errors.ts';
import type { StreamMetrics } from './metrics.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[::1]:port`; port 0 takes a free one. USAGE for anything else. */
export function parseAddress(text: string): Address {
  const { host, bracketed, port } = /^(?:\[(?<bracketed>[\da-f:.]+)\]|(?<host>[\w.-]+)):(?<port>\d{1,5})$/i.exec(text)?.groups ?? {};
  const name = host ?? bracketed;
  if (name !== undefined && Number(port) <= 65_535) return { host: name, port: Number(port) };
  throw new SpindleError('USAGE', `--metrics takes host:port, such as 127.0.0.1:9464, and not "${text}".`, { field: '--metrics' });
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/metrics` for Prometheus, and `/healthz`: 200 where all runs, 503 with what is interrupted where something is. USAGE where the address cannot be had. */
export async function serveMetrics({ host, port }: Address, metrics: StreamMetrics): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      switch (request.url?.split('?')[0]) {
        case '/metrics':
          response.setHeader('content-type', metrics.contentType).end(await metrics.text());
          return;
        case '/healthz': {
          const interrupted = metrics.interrupted();
          response.statusCode = Object.keys(interrupted).length === 0 ? 200 : 503;
          response
            .setHeader('content-type', 'application/json')
            .end(`${JSON.stringify({ ok: response.statusCode === 200, interrupted })}\n`);
          return;
        }
        default:
          response.statusCode = 404;
          response.end('There are /metrics and /healthz.\n');
      }
    };
    answer().catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new SpindleError('USAGE', `Metrics cannot be served at ${host}:${port}: ${cause.message}.`, {
          field: '--metrics',
          remedy: 'Choose another port, or stop what listens there.',
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
