import { createPrivateKey } from 'node:crypto';
import { SpindleError } from '../../../runtime/errors.ts';

/** Where the parts of a key pair come from: the variables that an error names. */
export interface KeySource {
  readonly key: string;
  readonly passphrase: string;
}

/** A private key as PEM of PKCS#8 without encryption, whatever PEM it was. VARIABLES_INVALID, which quotes none of it, where it cannot be read so. */
export function readPrivateKey(pem: string, passphrase: string | undefined, source: KeySource): string {
  // a PEM in one line of an .env file has its line ends written out
  const text = pem.includes('\n') ? pem : pem.replaceAll('\\n', '\n');
  if (!text.includes('PRIVATE KEY-----'))
    throw invalid(
      source.key,
      'is no private key as PEM',
      'It is to begin with -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----.',
    );
  const isEncrypted = /ENCRYPTED/.test(text);
  if (isEncrypted && passphrase === undefined)
    throw invalid(source.passphrase, `is missing: the key of ${source.key} is encrypted`, `Set ${source.passphrase}.`);
  const key = parse(text, passphrase, isEncrypted ? source.passphrase : source.key);
  if (key.asymmetricKeyType !== 'rsa')
    throw invalid(
      source.key,
      `is a key of type ${key.asymmetricKeyType}`,
      'The client of Snowflake signs by RSA: make such a key with openssl genrsa 2048.',
    );
  return key.export({ format: 'pem', type: 'pkcs8' }) as string;
}

function parse(key: string, passphrase: string | undefined, field: string) {
  try {
    return createPrivateKey({ key, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  } catch {
    // what node says of it is about its parser; and a cause could carry a part of the key
    throw invalid(field, 'does not open the private key, or the key is damaged', 'Check the key with openssl pkey -in <file> -noout.');
  }
}

function invalid(field: string, problem: string, remedy: string): SpindleError {
  return new SpindleError('VARIABLES_INVALID', `${field} ${problem}.`, { field, remedy });
}
