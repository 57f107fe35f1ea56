import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { SnowflakeSettings } from './settings.ts';

/** Milliseconds without a byte after which nothing is there. */
const SILENCE = 10_000;

/** The address that the account is asked at, without a slash at its end. */
export function addressOf({ account, url }: Pick<SnowflakeSettings, 'account' | 'url'>): string {
  if (url !== undefined) return new URL(url).origin;
  const suffix = /\.cn-/i.test(account) ? 'cn' : 'com';
  return `https://${account}.snowflakecomputing.${suffix}`;
}

/**
 * Rejects in seconds where nothing answers HTTP at the address: the client itself gives a request as long as the slowest statement needs. Any answer will do. By way of a proxy nothing is
 * asked, as it answers for whoever is behind it.
 */
export async function reach(address: string, silence = SILENCE): Promise<void> {
  const request = address.startsWith('https:') ? requestSecure : requestPlain;
  await new Promise<void>((resolve, reject) => {
    const asked = request(address, { method: 'HEAD', agent: false, timeout: silence }, (response) => {
      response.resume();
      resolve();
      asked.destroy();
    });
    asked.on('timeout', () => asked.destroy(Object.assign(new Error(`no answer in ${silence / 1000} seconds`), { code: 'ETIMEDOUT' })));
    asked.on('error', reject);
    asked.end();
  });
}
