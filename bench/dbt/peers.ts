import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { pythonPaths } from '../../src/drivers/transformer/python-environment.ts';
import type { Ran } from './ran.ts';

/** dbt without Spindle, each way with a warehouse and a target folder of its own. */
export interface Peers {
  /** In a Python process that has imported dbt. */
  runner(args: readonly string[]): Promise<Ran>;
  /** The program. */
  command(args: readonly string[]): Promise<Ran>;
  close(): Promise<void>;
}

export async function openPeers(options: { readonly root: string; readonly folder: string; readonly warehouse: string }): Promise<Peers> {
  const { root, folder, warehouse } = options;
  const { python, folder: environment } = pythonPaths(root);
  const placeOf = async (name: string) => {
    const dir = join(folder, name);
    await mkdir(dir, { recursive: true });
    await cp(join(root, 'dbt'), join(dir, 'dbt'), { recursive: true, filter: (path) => !/[/\\](target|logs)$/.test(path) });
    await copyFile(warehouse, join(dir, 'warehouse.duckdb'));
    const env = { ...process.env, SPINDLE_DUCKDB_PATH: join(dir, 'warehouse.duckdb'), SPINDLE_DUCKDB_MEMORY_LIMIT: '256MB' };
    return { cwd: join(dir, 'dbt'), env };
  };
  const runner = await placeOf('runner');
  const warm = spawn(python, [join(root, 'bench/dbt/warm_runner.py')], {
    ...runner,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: warm.stdout })[Symbol.asyncIterator]();
  const program = await placeOf('command');
  return {
    async runner(args) {
      warm.stdin.write(`${JSON.stringify(args)}\n`);
      const { value } = await answers.next();
      if (value !== 'true') throw new Error(`dbtRunner: ${args.join(' ')} failed.`);
      return ranIn(runner.cwd);
    },
    async command(args) {
      const child = spawn(join(environment, 'bin/dbt'), [...args], { ...program, stdio: ['ignore', 'ignore', 'inherit'] });
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`dbt ${args.join(' ')} ended with ${code}.`);
      return ranIn(program.cwd);
    },
    async close() {
      const closed = once(warm, 'close');
      warm.stdin.end();
      await closed;
    },
  };
}

const RunResults = z.object({ results: z.array(z.object({ unique_id: z.string() })) });

/** An exposure is no work: dbt lists it, and does nothing. */
const ranIn =
  (dir: string): Ran =>
  async () => {
    const { results } = RunResults.parse(JSON.parse(await readFile(join(dir, 'target/run_results.json'), 'utf8')));
    return results.map(({ unique_id }) => unique_id).filter((id) => !id.startsWith('exposure.'));
  };
