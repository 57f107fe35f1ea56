import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printManifest, trimManifest } from '../../../src/dbt/manifest.ts';
import { hashProjectFiles } from '../../../src/dbt/project-files.ts';
import { openDbtTransformer } from '../../../src/drivers/transformer/dbt.ts';
import type { TransformEvent } from '../../../src/runtime/resource/transformer.ts';
import type { SnowflakeLogin } from '../../../src/runtime/resource/warehouse-target.ts';
import { transformerContract } from '../../../src/testing/contract/transformer.ts';
import { dir as ownProject, root } from '../../e2e/dbt-project.ts';
import { writeSmallDbtProject } from '../../e2e/small-dbt-project.ts';
import { createDatabase, settingsFor } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

const PASSPHRASE = 'open sesame';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE },
});
const LOGINS: readonly SnowflakeLogin[] = [
  { kind: 'key-pair', privateKey: `\n${privateKey}`, passphrase: PASSPHRASE },
  { kind: 'access-token', token: 'a-token-of-mine' },
  { kind: 'oauth', token: 'a-token-of-mine' },
  { kind: 'password', password: 'a-word-of-mine' },
];
const SECRETS = [PASSPHRASE, 'a-token-of-mine', 'a-word-of-mine', privateKey.split('\n')[1] ?? ''];

describe('dbt in Snowflake, by its emulator', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    const env = { SF_EMU_PUBLIC_KEY: publicKey, SF_EMU_TOKEN: 'a-token-of-mine', SF_EMU_PASSWORD: 'a-word-of-mine' };
    emulator = await startEmulator({ env });
    await createDatabase(emulator, 'SMALL', 'a-word-of-mine');
  });
  afterAll(() => emulator.stop());

  const open = async (login: SnowflakeLogin = { kind: 'password', password: 'a-word-of-mine' }) => {
    const directory = mkdtempSync(join(tmpdir(), 'spindle-dbt-snowflake-'));
    const project = writeSmallDbtProject(join(directory, 'project'));
    const value = openDbtTransformer({
      root,
      dialect: 'snowflake',
      python: undefined,
      directory: join(directory, 'dbt'),
      notify: () => {},
      faults: () => {},
    });
    const target = { dialect: 'snowflake', connection: { ...settingsFor(emulator, 'SMALL'), login } } as const;
    const close = async () => {
      await value.close();
      rmSync(directory, { recursive: true, force: true });
    };
    return { value, fixture: { ...project, target }, directory, close };
  };

  transformerContract({ describe, it, expect }, { open });

  it('parses the project of this repository to the manifest that is committed', async () => {
    const { value, close } = await open();
    try {
      const manifest = trimManifest(await value.parse(ownProject), await hashProjectFiles(ownProject));
      expect(printManifest(manifest)).toBe(readFileSync(join(ownProject, 'manifest.json'), 'utf8'));
    } finally {
      await close();
    }
  });

  it.each(LOGINS)('logs in by $kind and leaves no secret in what it writes', async (login) => {
    const { value, fixture, directory, close } = await open(login);
    try {
      const events: TransformEvent[] = [];
      await value.build({ dir: fixture.dir, select: [fixture.good.name], target: fixture.target }, (event) => events.push(event));
      expect(events).toMatchObject([{ type: 'started' }, { type: 'finished', status: 'success' }]);
      const written = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
        statSync(join(directory, path)).isFile(),
      );
      expect(written.length).toBeGreaterThan(5);
      const leaks = written.filter((path) => SECRETS.some((secret) => readFileSync(join(directory, path)).includes(secret)));
      expect(leaks).toEqual([]);
    } finally {
      await close();
    }
  });

  it.each<SnowflakeLogin>([
    { kind: 'password', password: 'another-word' },
    { kind: 'access-token', token: 'another-word' },
    { kind: 'key-pair', privateKey, passphrase: 'another-word' },
  ])('says that a login by $kind is refused, without the secret', async (login) => {
    const { value, fixture, close } = await open(login);
    try {
      const building = value.build({ dir: fixture.dir, select: [fixture.good.name], target: fixture.target }, () => {});
      const error: Error = await building.then(
        () => expect.unreachable(),
        (reason: Error) => reason,
      );
      expect(error).toMatchObject({ code: 'WAREHOUSE_REFUSED', message: expect.stringContaining('could not log in to Snowflake') });
      expect(JSON.stringify([error.message, error])).not.toContain('another-word');
    } finally {
      await close();
    }
  });
});
