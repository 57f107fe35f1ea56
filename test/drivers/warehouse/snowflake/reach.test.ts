import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addressOf, reach } from '../../../../src/drivers/warehouse/snowflake/reach.ts';

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the address of an account', () => {
  it.each([
    ['myorg-account', 'https://myorg-account.snowflakecomputing.com'],
    ['ab12345.eu-central-1', 'https://ab12345.eu-central-1.snowflakecomputing.com'],
    ['ab12345.cn-northwest-1', 'https://ab12345.cn-northwest-1.snowflakecomputing.cn'],
  ])('of %s', (account, address) => {
    expect(addressOf({ account })).toBe(address);
  });

  it('is another one where it is said so', () => {
    expect(addressOf({ account: 'a', url: 'https://a.privatelink.snowflakecomputing.com/' })).toBe(
      'https://a.privatelink.snowflakecomputing.com',
    );
  });
});

describe('reaching an address', () => {
  it('takes any answer', async () => {
    const address = await listening(createHttpServer((_, response) => response.writeHead(405).end()));
    await expect(reach(address)).resolves.toBeUndefined();
  });

  it('gives up on a server that accepts and says nothing, and closes its connection', async () => {
    let open = 0;
    const server = createServer((socket) => {
      open++;
      socket
        .on('error', () => {})
        .on('close', () => open--)
        .resume();
    });
    const address = await listening(server);
    for (const way of [address, address.replace('http:', 'https:')])
      await expect(reach(way, 100)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await expect.poll(() => open).toBe(0);
  });

  it('fails at once where nobody listens, and where what listens speaks no TLS', async () => {
    await expect(reach('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const address = await listening(createHttpServer((_, response) => response.end()));
    await expect(reach(address.replace('http:', 'https:'))).rejects.toMatchObject({ code: expect.stringMatching(/SSL|EPROTO/) as string });
  });
});
