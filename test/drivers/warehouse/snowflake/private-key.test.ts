import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPrivateKey } from '../../../../src/drivers/warehouse/snowflake/private-key.ts';
import { thrownBy } from '../../../thrown-by.ts';
import { makeKeyPair } from './keys.ts';

const SOURCE = { key: 'THE_KEY', passphrase: 'THE_PASSPHRASE' };
const read = (pem: string, passphrase?: string) => readPrivateKey(pem, passphrase, SOURCE);

describe('a private key', () => {
  const plain = makeKeyPair().privateKey;
  const encrypted = makeKeyPair('correct horse').privateKey;

  it('is taken as PKCS#8, encrypted PKCS#8 and PKCS#1, and given as PKCS#8', () => {
    expect(read(plain)).toBe(plain);
    expect(encrypted).toContain('ENCRYPTED');
    expect(read(encrypted, 'correct horse')).toBe(
      createPrivateKey({ key: encrypted, passphrase: 'correct horse' }).export({ type: 'pkcs8', format: 'pem' }),
    );
    expect(read(createPrivateKey(plain).export({ type: 'pkcs1', format: 'pem' }).toString())).toBe(plain);
  });

  it('may stand in one line, its line ends written out', () => {
    expect(read(plain.trim().replaceAll('\n', '\\n'))).toBe(plain);
  });

  it.each([
    ['no PEM at all', 'c2VjcmV0', undefined, 'THE_KEY', 'is no private key as PEM'],
    ['a public key', makeKeyPair().publicKey, undefined, 'THE_KEY', 'is no private key as PEM'],
    ['a damaged one', plain.replace(/\n.{20}/, '\n'), undefined, 'THE_KEY', 'is damaged'],
    ['an encrypted one without its passphrase', encrypted, undefined, 'THE_PASSPHRASE', 'is missing'],
    ['an encrypted one with another passphrase', encrypted, 'wrong horse', 'THE_PASSPHRASE', 'does not open'],
    [
      'one of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      undefined,
      'THE_KEY',
      'ed25519',
    ],
  ])('is refused by the name of its variable, and not quoted: %s', (_, pem, passphrase, field, message) => {
    const error = thrownBy(() => read(pem, passphrase));
    expect(error).toMatchObject({ code: 'VARIABLES_INVALID', place: { field }, message: expect.stringContaining(message) as string });
    const told = JSON.stringify([String(error), (error as Error).stack, error]);
    for (const line of pem.split('\n').filter((text) => text.length > 20 && !text.startsWith('---'))) expect(told).not.toContain(line);
    if (passphrase !== undefined) expect(told).not.toContain(passphrase);
  });
});
