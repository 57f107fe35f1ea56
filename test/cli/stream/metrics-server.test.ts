import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMetrics } from '../../../src/cli/stream/metrics.ts';
import { parseAddress, serveMetrics } from '../../../src/cli/stream/metrics-server.ts';
import { createRedactor } from '../../../src/cli/redact.ts';
import { parsePrometheus } from './prometheus-text.ts';

async function serve(host = '127.0.0.1') {
  const redactor = createRedactor();
  redactor.add(['hunter2-hunter2']);
  const metrics = createMetrics(['lake/plays'], redactor);
  const server = await serveMetrics({ host, port: 0 }, metrics);
  onTestFinished(() => server.close());
  return { metrics, ...server, get: (path: string) => fetch(`${server.url}${path}`) };
}

describe('the server of metrics', () => {
  it('serves them as Prometheus asks for them', async () => {
    const { get } = await serve();
    for (const path of ['/metrics', '/metrics?collect=all']) {
      const response = await get(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('version=0.0.4')]);
      expect(parsePrometheus(await response.text()).length).toBeGreaterThan(10);
    }
  });

  it('says that all is well, or with 503 what is not, without a secret', async () => {
    const { get, metrics } = await serve();
    const health = async () => {
      const response = await get('/healthz');
      return [response.status, await response.json()];
    };
    expect(await health()).toEqual([200, { ok: true, interrupted: {} }]);
    metrics.listen('lake/plays', { type: 'interrupted', partition: 3, error: new Error('no answer of hunter2-hunter2'), delay: 500 });
    expect(await health()).toEqual([503, { ok: false, interrupted: { 'lake/plays [3]': 'no answer of ***' } }]);
    metrics.listen('lake/plays', { type: 'resumed', partition: 3 });
    expect(await health()).toEqual([200, { ok: true, interrupted: {} }]);
  });

  it('knows nothing else', async () => {
    const { get } = await serve();
    const response = await get('/');
    expect([response.status, await response.text()]).toEqual([404, 'There are /metrics and /healthz.\n']);
  });

  it('refuses a port that is taken, naming it', async () => {
    const taken: Server = await new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
    });
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    await expect(serveMetrics({ host: '127.0.0.1', port }, createMetrics([], createRedactor()))).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`127.0.0.1:${port}`),
      place: { field: '--metrics' },
    });
  });

  it('closes though somebody holds a connection open', async () => {
    const { close, get } = await serve();
    await get('/metrics'); // kept alive
    await close();
    await expect(get('/metrics')).rejects.toThrow('fetch failed');
  });
});

describe('an address of metrics', () => {
  it.each([
    ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['lander.local:80', { host: 'lander.local', port: 80 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
  ])('is a host and a port: %s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  it.each(['', '9464', ':9464', 'host', 'host:', 'host:65536', '::1:9464', 'http://host:1', 'host:1/metrics', 'a b:1'])(
    'is not %j',
    (text) => {
      expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    },
  );
});
