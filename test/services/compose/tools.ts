import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { acquireLock } from '../../../src/drivers/disk/lock.ts';
import { ensureEnvironment } from '../../python-environment.ts';
import { findGo } from '../s3/install.ts';

const run = promisify(execFile);

const COMPOSE = 'v2.40.3';
const BINARIES = join(import.meta.dirname, '../../../.spindle/services/bin');
/** Longer than another process takes to build it on a busy machine. */
const PATIENCE = 20 * 60_000;

/** The command line of Docker Compose, which needs no engine to resolve a file; built from its module the first time, which takes some minutes. */
export async function dockerCompose(): Promise<string> {
  const program = join(BINARIES, `docker-compose-${COMPOSE}`);
  if (existsSync(program)) return program;
  await mkdir(BINARIES, { recursive: true });
  const lock = await acquireLock(BINARIES, 'docker-compose', PATIENCE);
  if (!lock.held) throw new Error(`Process ${lock.owner.pid} has been building docker-compose for more than ${PATIENCE / 60_000} minutes.`);
  try {
    if (!existsSync(program)) await build(program);
  } finally {
    await lock.release();
  }
  return program;
}

/** `go install` refuses it: its go.mod replaces modules. As a dependency it builds. */
async function build(program: string): Promise<void> {
  const folder = await mkdtemp(join(BINARIES, 'build-'));
  try {
    const go = await findGo();
    const call = (...args: readonly string[]) =>
      run(go, args, { cwd: folder, env: { ...process.env, GOFLAGS: '-buildvcs=false', GOWORK: 'off' }, maxBuffer: 1 << 26 });
    await writeFile(join(folder, 'go.mod'), 'module compose\n\ngo 1.25\n');
    await writeFile(join(folder, 'tools.go'), '//go:build tools\n\npackage compose\n\nimport _ "github.com/docker/compose/v2/cmd"\n');
    await call('get', `github.com/docker/compose/v2@${COMPOSE}`);
    // Where a module that only its tests need cannot be had, the rest is tidy all the same.
    await call('mod', 'tidy', '-e');
    await call('build', '-trimpath', '-ldflags=-s -w', '-o', 'docker-compose', 'github.com/docker/compose/v2/cmd');
    await rename(join(folder, 'docker-compose'), program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What hadolint says of Dockerfiles, a line for each rule that is broken. */
export async function hadolint(...files: readonly string[]): Promise<string> {
  const python = await ensureEnvironment('hadolint', join(import.meta.dirname, 'requirements.txt'));
  try {
    const { stdout } = await run(join(dirname(python), 'hadolint'), ['--no-color', ...files]);
    return stdout;
  } catch (error) {
    // It ends with 1 where it has something to say.
    if (error instanceof Error && 'stdout' in error && error.stdout !== '') return String(error.stdout);
    throw error;
  }
}
