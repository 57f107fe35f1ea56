import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const SHAPES = ['chain', 'fan'] as const;
/** `chain`: each asset reads the one before it. `fan`: layers of a hundred, each asset reads two of the layer before. */
export type Shape = (typeof SHAPES)[number];

export const MODES = ['load', 'plan', 'memory', 'stored', 'persistent'] as const;
export type Mode = (typeof MODES)[number];

export interface Measurement {
  readonly side: 'ours' | 'peer';
  readonly root: string;
  /** Dagster's interpreter. */
  readonly python: string;
  /** Where either side keeps what outlives it; emptied before. */
  readonly folder: string;
  readonly mode: Mode;
  readonly shape: Shape;
  readonly count: number;
}

/** What a process tells of itself: seconds, MiB. Each mode fills its own fields; `total` is from the first line of the script on. */
export interface Measured {
  readonly define: number;
  readonly resolve: number;
  readonly plan: number;
  readonly wall: number;
  readonly cpu: number;
  readonly total: number;
  readonly memory: number;
  /** Of the last asset, to compare. */
  readonly value?: number;
}

/** One measurement in a process of its own. Rejects with the last line of what a process that fails writes. */
export async function measure({ side, root, python, folder, mode, shape, count }: Measurement): Promise<Measured> {
  const state = join(folder, side);
  await rm(state, { recursive: true, force: true });
  await mkdir(state, { recursive: true });
  await writeFile(join(state, 'dagster.yaml'), 'telemetry:\n  enabled: false\n');
  const script = join(root, 'bench/runtime', side === 'ours' ? 'spindle-side.js' : 'dagster-side.py');
  const args = [script, mode, shape, String(count), state];
  const options = { env: { ...process.env, DAGSTER_HOME: state }, maxBuffer: 1 << 28 };
  try {
    const { stdout } = await run(side === 'ours' ? process.execPath : python, args, options);
    return JSON.parse(stdout) as Measured;
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`${mode}, ${shape} of ${count}, ${side}: ${stderr.trim().split('\n').at(-1)}`, { cause: error });
  }
}
