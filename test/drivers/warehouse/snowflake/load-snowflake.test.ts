import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connectionOptions } from '../../../../src/drivers/warehouse/snowflake/connection-options.ts';
import { loadSnowflake } from '../../../../src/drivers/warehouse/snowflake/load-snowflake.ts';

it('the client is loaded, and that of AWS under it, without a warning, a line on the console or a log', async () => {
  const before = { ...process.env };
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write'), vi.spyOn(console, 'log')];
  onTestFinished(() => {
    vi.restoreAllMocks();
    process.env = before;
  });
  const sdk = await loadSnowflake();
  const settings = { account: 'org-acc', user: 'u', login: { kind: 'password', password: 'p' } } as const;
  expect(sdk.createConnection(connectionOptions(settings)).isUp()).toBe(false);
  // What a PUT to a stage on AWS makes: it is then that its SDK looks at the version of Node.
  const requireAsClient = createRequire(createRequire(import.meta.url).resolve('snowflake-sdk'));
  const { S3Client } = requireAsClient('@aws-sdk/client-s3') as { readonly S3Client: new (options: object) => { destroy(): void } };
  new S3Client({ region: 'eu-central-1' }).destroy();
  expect(warned).not.toHaveBeenCalled();
  for (const spy of written) expect(spy).not.toHaveBeenCalled();
  expect(existsSync('snowflake.log')).toBe(false);
});
