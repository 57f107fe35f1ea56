import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isSpindleError, type SpindleError } from '../../../src/runtime/errors.ts';
import { openAt } from './open.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();
const WRONG = 'hunter 22';

interface Refusal {
  readonly error: SpindleError;
  readonly seconds: number;
}

/** How opening fails. Whatever the error holds, it holds no password. */
async function refusal(url: string): Promise<Refusal> {
  const started = performance.now();
  const error: unknown = await openAt(url).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isSpindleError(error)) throw new Error(`no error with a code: ${String(error)}`);
  const all = [error.message, error.remedy, error.stack, String(error.cause), JSON.stringify(error), JSON.stringify(error.cause)].join(
    '\n',
  );
  for (const secret of [server.password, WRONG, encodeURIComponent(WRONG)]) expect(all).not.toContain(secret);
  return { error, seconds: (performance.now() - started) / 1_000 };
}

describe('a database that refuses the connection', () => {
  const refused = { code: 'RUN_STORE_UNREACHABLE', transient: false, remedy: expect.stringContaining('SPINDLE_POSTGRES_URL') };

  it('because of the password is told at once, with where it is', async () => {
    const { error, seconds } = await refusal(server.url({ password: WRONG }));
    expect(error).toMatchObject({
      ...refused,
      message: expect.stringMatching(/at 127\.0\.0\.1:\d+, database postgres refuses .*authentication failed/),
    });
    expect(seconds).toBeLessThan(5);
  });

  it('because it does not exist is told at once', async () => {
    const { error } = await refusal(server.url({ database: 'nowhere' }));
    expect(error).toMatchObject({ ...refused, message: expect.stringContaining('database "nowhere" does not exist') });
  });

  it.each(['require', 'verify-full', 'no-verify'])('because it has no TLS, which sslmode=%s wants, is told at once', async (mode) => {
    const { error } = await refusal(server.url({ query: `?sslmode=${mode}` }));
    expect(error).toMatchObject({ ...refused, message: expect.stringContaining('does not support SSL') });
  });

  it.each([
    'postgresql://me:hunter%2022@host:port/db',
    'postgresql://me:hunter%2022@[::/db',
    'postgresql://me:hunter%2022@host/db?sslmode=verify-ca',
  ])('since the URL is none is told without it: %s', async (url) => {
    expect((await refusal(url)).error).toMatchObject(refused);
  });
});

describe('a database that cannot be reached', () => {
  const unreachable = { code: 'RUN_STORE_UNREACHABLE', transient: true };

  it('since nobody listens is told at once', async () => {
    const { error, seconds } = await refusal(server.url().replace(/:\d+\//, ':1/'));
    expect(error).toMatchObject({
      ...unreachable,
      message: expect.stringContaining('at 127.0.0.1:1, database postgres cannot be reached'),
    });
    expect(seconds).toBeLessThan(5);
  });

  it('since nobody answers is told within seconds', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { error, seconds } = await refusal(server.url().replace(/:\d+\//, `:${port}/`));
    expect(error).toMatchObject(unreachable);
    expect(seconds).toBeLessThan(10);
  });

  it('since it has no place for one more is told as what may pass', async () => {
    const url = await server.createDatabase();
    await server.query(url, "create role few login connection limit 1 password 'few-word'; create schema spindle authorization few");
    const few = url.replace(/\/\/.*@/, '//few:few-word@');
    const store = await openAt(few);
    expect((await refusal(few)).error).toMatchObject({ ...unreachable, message: expect.stringContaining('too many connections') });
    await store.close();
  });
});
