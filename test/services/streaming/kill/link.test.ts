import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLink, type Link } from './link.ts';

describe('a link', () => {
  let server: Server;
  let link: Link;
  /** All that the server heard. */
  let heard: string;
  beforeEach(async () => {
    heard = '';
    server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {}); // cuts are what the tests do
      socket.on('data', (bytes) => {
        heard += bytes.toString();
        socket.write(`<${bytes.toString()}>`);
      });
      socket.on('end', () => socket.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    link = await openLink();
    link.lead((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await link.close();
    server.close();
  });

  /** A client whose connection the link has taken. */
  async function dial(): Promise<{ readonly socket: Socket; readonly answers: () => string; readonly closed: Promise<void> }> {
    const socket = connect({ host: '127.0.0.1', port: link.port });
    let answers = '';
    socket.on('data', (bytes) => (answers += bytes.toString()));
    socket.on('error', () => {}); // told by `closed`
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await once(socket, 'connect');
    return { socket, answers: () => answers, closed };
  }
  const expectSoon = async (holds: () => boolean): Promise<void> => {
    await expect.poll(holds, { timeout: 5_000, interval: 5 }).toBe(true);
  };

  it('hands on what both sides say, and that a side has ended', async () => {
    const { socket, answers, closed } = await dial();
    socket.write('a');
    await expectSoon(() => answers() === '<a>');
    socket.end('b');
    await closed;
    expect(answers()).toBe('<a><b>');
  });

  it('delivers after a stall what was said in it, even by a client that is gone', async () => {
    const { socket, answers } = await dial();
    socket.write('a');
    await expectSoon(() => answers() === '<a>');
    link.become('stalled');
    const late = await dial();
    late.socket.write('c');
    socket.end('b');
    await expectSoon(() => link.held === 2);
    expect(heard).toBe('a');
    link.become('open');
    await expectSoon(() => heard.includes('b') && heard.includes('c') && late.answers() === '<c>');
  });

  it('stalls the connections that it holds, and no others', async () => {
    const old = await dial();
    old.socket.write('a');
    await expectSoon(() => old.answers() === '<a>');
    const release = link.hold();
    old.socket.write('b');
    const fresh = await dial();
    fresh.socket.write('c');
    await expectSoon(() => fresh.answers() === '<c>');
    expect(heard).toBe('ac');
    release();
    await expectSoon(() => old.answers() === '<a><b>');
    expect(heard).toBe('acb');
  });

  it('loses the answers while it is deaf, and resets those connections then', async () => {
    const { socket, answers, closed } = await dial();
    link.become('deaf');
    socket.write('a');
    await expectSoon(() => heard === 'a');
    link.become('open');
    await closed;
    expect(answers()).toBe('');
    const next = await dial();
    next.socket.write('b');
    await expectSoon(() => next.answers() === '<b>');
  });

  it('resets old and new connections while it is refused', async () => {
    const old = await dial();
    link.become('refused');
    await old.closed;
    const fresh = connect({ host: '127.0.0.1', port: link.port }).on('error', () => {}); // told by its end
    await new Promise<void>((resolve) => fresh.once('close', () => resolve()));
    expect(heard).toBe('');
  });
});
