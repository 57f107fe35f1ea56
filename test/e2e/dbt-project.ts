import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { openDbtTransformer, type DbtTransformer } from '../../src/drivers/transformer/dbt.ts';
import { noFaults, type Faults } from '../../src/runtime/resource/faults.ts';
import type { TransformEvent, TransformRequest } from '../../src/runtime/resource/transformer.ts';
import { createBronze } from './bronze.ts';

/** The repository: its `.spindle/python` is shared by all tests, so that it is set up once. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const dir = join(root, 'dbt');

export interface DbtRig {
  /** A folder of the test file's own. */
  readonly directory: string;
  readonly dbt: DbtTransformer;
  open(faults: Faults): DbtTransformer;
  /** A new warehouse with empty bronze tables: its path. */
  warehouse(name: string): Promise<string>;
}

/** dbt in a temporary folder, for all tests of one file. */
export function useDbt(): DbtRig {
  const opened: DbtTransformer[] = [];
  let directory = '';
  const open = (faults: Faults) => {
    const dbt = openDbtTransformer({ root, python: undefined, directory: join(directory, 'dbt'), notify: () => {}, faults });
    opened.push(dbt);
    return dbt;
  };
  let dbt: DbtTransformer | undefined;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spindle-dbt-'));
    dbt = open(noFaults);
    await dbt.prepare();
  });
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await rm(directory, { recursive: true, force: true });
  });
  return {
    get directory() {
      return directory;
    },
    get dbt() {
      return dbt!;
    },
    open,
    async warehouse(name) {
      const path = join(directory, `${name}.duckdb`);
      await createBronze(path);
      return path;
    },
  };
}

type Finished = Extract<TransformEvent, { type: 'finished' }>;

/** Builds and returns how each node ended. */
export async function build(
  dbt: DbtTransformer,
  path: string,
  request: Partial<TransformRequest> = {},
): Promise<ReadonlyMap<string, Finished>> {
  const finished = new Map<string, Finished>();
  const target = { dialect: 'duckdb', path, memoryLimit: '256MB' } as const;
  await dbt.build({ dir, select: ['spotify'], target, ...request }, (event) => {
    if (event.type === 'finished') finished.set(event.node, event);
  });
  return finished;
}
