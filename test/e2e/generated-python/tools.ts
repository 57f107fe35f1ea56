import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { ensureEnvironment } from '../../python-environment.ts';

const LOCK = join(import.meta.dirname, '../../python-tools/requirements.txt');
const READ_BACK = join(import.meta.dirname, 'read-back.py');

/** What Python reads in generated text, list by list. */
export interface Sources {
  readonly literals?: readonly string[];
  readonly expressions?: readonly string[];
  readonly modules?: readonly string[];
  readonly templates?: readonly string[];
}

type Read = Readonly<Record<keyof Sources, readonly unknown[]>>;

export async function readBack(sources: Sources): Promise<Read> {
  const python = await ensureEnvironment('python-tools', LOCK);
  const { stdout, stderr } = await run(python, [READ_BACK], { input: JSON.stringify(sources) });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Read;
}

/** What ruff with its default settings says of the files of a folder: nothing where none would be changed or breaks a rule. */
export async function ruff(folder: string, ...args: readonly string[]): Promise<string> {
  const python = await ensureEnvironment('python-tools', LOCK);
  const { stdout, stderr } = await run(join(dirname(python), 'ruff'), [...args, '--isolated', '--quiet', '.'], { cwd: folder });
  return stdout + stderr;
}

/** What a program prints that reads `input`. One that ends by itself has not failed: ruff says so of every file that it would change. */
export function run(
  program: string,
  args: readonly string[],
  { input = '', cwd }: { readonly input?: string; readonly cwd?: string } = {},
) {
  return new Promise<{ readonly stdout: string; readonly stderr: string }>((resolve, reject) => {
    const child = execFile(program, args, { cwd, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** So many random values, other ones each time; `seed` makes them again. */
export function samples<T>(arbitrary: fc.Arbitrary<T>, count: number, seed = Math.floor(Math.random() * 2 ** 31)): readonly T[] {
  process.stdout.write(`seed of the samples: ${seed}\n`);
  return fc.sample(arbitrary, { seed, numRuns: count });
}
