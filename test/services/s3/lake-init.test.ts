import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeSetting } from '../../../src/cli/lake/settings.ts';
import { connect } from '../../../src/drivers/object-store/minio/connection.ts';
import { headersOf, textOfBody } from '../../../src/drivers/object-store/minio/response.ts';
import { runCommand, type CommandOutcome } from '../../cli/run-command.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { newBucketName, optionsFor } from './open.ts';
import { startS3, type S3Server } from './server.ts';

const PROJECT = `
import { asset, defineProject, value } from 'spindle';
import { fileSystemStore, minio } from 'spindle/drivers';
const songs = asset('songs', { store: value() }).run(() => ['one']);
export const project = defineProject({
  name: 'music',
  assets: [songs],
  environments: { production: { lake: minio() }, shared: { lake: minio({ prefix: 'music' }) }, local: { lake: fileSystemStore() } },
});
`;

interface Report {
  readonly bucket: string;
  readonly settings: readonly LakeSetting[];
}

const statuses = ({ stdout }: CommandOutcome) => (JSON.parse(stdout) as Report).settings.map(({ status }) => status);

/** The project, and what it needs to reach a new bucket of the server. */
function lakeOf({ variables }: S3Server) {
  const { root } = temporaryProject({ 'src/project.ts': PROJECT });
  const bucket = newBucketName();
  const env = { ...variables, SPINDLE_S3_BUCKET: bucket };
  return {
    bucket,
    env,
    lake: (...args: string[]) => runCommand(root, ['lake', ...args], env),
    run: (...args: string[]) => runCommand(root, args, env),
  };
}

describe('spindle lake init on minio', () => {
  let server: S3Server;
  beforeAll(async () => (server = await startS3({ server: 'minio' })));
  afterAll(() => server.stop());

  it('makes the bucket, keeps versions and lets old ones go; a second time nothing is left to do', async () => {
    const { bucket, lake, run } = lakeOf(server);
    expect(statuses(await lake('--json'))).toEqual(['not set']);
    const refused = await run('materialize');
    expect(refused).toMatchObject({ exit: 1 });
    expect(refused.stdout + refused.stderr).toContain('error[BUCKET_MISSING]');

    const first = await lake('init');
    expect(first).toMatchObject({ exit: 0, stderr: '' });
    expect(first.stdout).toMatch(new RegExp(`^bucket +set +${bucket} at ${server.endpoint}$`, 'm'));
    expect(first.stdout).toMatch(/^versioning +set +what is replaced or deleted is kept as a version$/m);
    expect(first.stdout).toMatch(/^noncurrent versions +set +versions that were replaced or deleted go after 30 days$/m);
    expect(first.stdout).toMatch(/^incomplete uploads +not supported +the server took no such rule$/m);

    expect(statuses(await lake('init', '--json'))).toEqual(['as wanted', 'as wanted', 'as wanted', 'not supported']);
    expect(statuses(await lake('--json'))).toEqual(['set', 'set', 'set', 'not supported']);
    expect((await run('materialize')).exit).toBe(0);
  });

  it('with --dry-run says what it would do, and does nothing', async () => {
    const { lake } = lakeOf(server);
    const planned = ['to be set', 'to be set', 'to be set', 'to be set'];
    expect(statuses(await lake('init', '--dry-run', '--json'))).toEqual(planned);
    expect(statuses(await lake('init', '--dry-run', '--json'))).toEqual(planned);
    await lake('init');
    expect(statuses(await lake('init', '--dry-run', '--json'))).toEqual(['as wanted', 'as wanted', 'as wanted', 'not supported']);
    const changed = await lake('init', '--keep-noncurrent', '7d', '--dry-run', '--json');
    expect(statuses(changed)).toEqual(['as wanted', 'as wanted', 'to be set', 'to be set']);
    expect((await lake('status')).stdout).toContain('after 30 days');
    expect(statuses(await lake('init', '--keep-noncurrent', '7d', '--json'))).toEqual(['as wanted', 'as wanted', 'set', 'not supported']);
    expect((await lake()).stdout).toContain('after 7 days');
  });

  it('with --strict ends with status 1 for what the server does not support', async () => {
    const { lake } = lakeOf(server);
    expect((await lake('init', '--strict')).exit).toBe(1);
    expect((await lake('init')).exit).toBe(0);
  });

  it('leaves versions as they are with --no-versioning', async () => {
    const { lake } = lakeOf(server);
    expect(statuses(await lake('init', '--no-versioning', '--json'))).toEqual(['set', 'not set', 'set', 'not supported']);
    expect(statuses(await lake('init', '--json'))).toEqual(['as wanted', 'set', 'as wanted', 'not supported']);
  });

  it('keeps the rules of others, to the letter, and its own for each folder; none touches a current object', async () => {
    const { bucket, lake } = lakeOf(server);
    await lake('init');
    const connection = await connect(optionsFor(server, { bucket }));
    const operation = { doing: 'testing', right: 'any' };
    const rules = () => connection.ask({ request: { method: 'GET', query: 'lifecycle' }, operation, read: textOfBody });
    const theirs =
      '<Rule><ID>007</ID><Status>Enabled</Status><Filter><Prefix>0012/</Prefix></Filter><Expiration><Days>3</Days></Expiration></Rule>';
    const body = Buffer.from((await rules()).replace('<Rule>', `${theirs}<Rule>`).replace(/^<\?xml.*?\?>/, ''));
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    await connection.ask({ request: { method: 'PUT', query: 'lifecycle', headers, body }, operation, read: headersOf });

    await lake('init', '--env', 'shared', '--keep-noncurrent', '5d');
    await lake('init', '--keep-noncurrent', '90d');
    const kept = await rules();
    connection.close();
    expect(kept.match(/<Rule>/g)).toHaveLength(3);
    expect(kept).toMatch(/<ID>007<\/ID>/);
    expect(kept).toMatch(/<Prefix>0012\/<\/Prefix>/);
    expect(kept.match(/<Expiration>/g)).toHaveLength(1);
    expect(kept.match(/<NoncurrentDays>\d+/g)?.toSorted()).toEqual(['<NoncurrentDays>5', '<NoncurrentDays>90']);
    expect(statuses(await lake('init', '--env', 'shared', '--keep-noncurrent', '5d', '--json'))[2]).toBe('as wanted');
  });

  it('says what is wrong, and never a secret', async () => {
    const { env, lake } = lakeOf(server);
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    for (const [changed, code] of [
      [{ SPINDLE_S3_SECRET_KEY: 'hunter22hunter22' }, 'LAKE_REFUSED'],
      [{ SPINDLE_S3_ENDPOINT: 'http://127.0.0.1:1' }, 'LAKE_UNREACHABLE'],
      [{ SPINDLE_S3_ENDPOINT: `http://me:hunter22hunter22@127.0.0.1:${server.port}` }, 'VARIABLES_INVALID'],
      [{ SPINDLE_S3_BUCKET: 'No_Bucket' }, 'VARIABLES_INVALID'],
      [{ SPINDLE_S3_CA: '/no/such/file' }, 'VARIABLES_INVALID'],
      [{ SPINDLE_S3_PATH_STYLE: 'maybe' }, 'VARIABLES_INVALID'],
    ] as const) {
      for (const json of [[], ['--json']]) {
        const { exit, stdout, stderr } = await runCommand(root, ['lake', 'init', ...json], { ...env, ...changed });
        expect([exit, stdout + stderr]).toEqual([code === 'VARIABLES_INVALID' ? 2 : 1, expect.stringContaining(code)]);
        for (const secret of ['hunter22', server.secretKey, server.accessKey]) expect(stdout + stderr).not.toContain(secret);
      }
    }
    expect(await lake('init', '--keep-noncurrent', '36h')).toMatchObject({ exit: 2, stderr: expect.stringContaining('whole days') });
  });

  it('has nothing to do for a lake in files', async () => {
    const { lake } = lakeOf(server);
    expect(await lake('init', '--env', 'local')).toMatchObject({
      exit: 0,
      stdout: 'The lake of the environment "local" is in no bucket: there is nothing to set up.\n',
    });
    expect(JSON.parse((await lake('--env', 'local', '--json')).stdout)).toEqual({ bucket: null, settings: [] });
  });
});

describe('spindle lake init on versitygw', () => {
  it('sets what there is, and says plainly what there is not', async () => {
    const server = await startS3({ server: 'versitygw' });
    try {
      const { lake } = lakeOf(server);
      const first = await lake('init');
      expect(first).toMatchObject({ exit: 0, stderr: '' });
      expect(first.stdout).toMatch(/^versioning +set /m);
      expect(first.stdout).toMatch(/^noncurrent versions +not supported +the server keeps no rules for objects$/m);
      expect(first.stdout).toMatch(/^incomplete uploads +not supported +the server keeps no rules for objects$/m);
      expect(statuses(await lake('init', '--json'))).toEqual(['as wanted', 'as wanted', 'not supported', 'not supported']);
      expect((await lake('init', '--strict')).exit).toBe(1);
    } finally {
      await server.stop();
    }
  });

  it('goes on where there are no versions either', async () => {
    const server = await startS3({ server: 'versitygw', versioning: false });
    try {
      const { lake, run } = lakeOf(server);
      expect(statuses(await lake('init', '--json'))).toEqual(['set', 'not supported', 'not supported', 'not supported']);
      expect(statuses(await lake('init', '--json'))).toEqual(['as wanted', 'not supported', 'not supported', 'not supported']);
      expect((await run('materialize')).exit).toBe(0);
    } finally {
      await server.stop();
    }
  });

  it('speaks TLS, with an authority that a variable names', async () => {
    const server = await startS3({ server: 'versitygw', tls: true });
    try {
      const { lake, run, env } = lakeOf(server);
      expect((await lake('init')).exit).toBe(0);
      expect((await run('materialize')).exit).toBe(0);
      const { root } = temporaryProject({ 'src/project.ts': PROJECT });
      const untrusted = await runCommand(root, ['lake'], { ...env, SPINDLE_S3_CA: '' });
      expect([untrusted.exit, untrusted.stderr]).toEqual([1, expect.stringMatching(/error\[LAKE_UNREACHABLE\].*self-signed/)]);
    } finally {
      await server.stop();
    }
  });

  it('may be run by several processes at once', async () => {
    const server = await startS3({ server: 'versitygw' });
    try {
      const { lake } = lakeOf(server);
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => lake('init')));
      expect(outcomes.map(({ exit, stderr }) => [exit, stderr])).toEqual(outcomes.map(() => [0, '']));
    } finally {
      await server.stop();
    }
  });
});
