import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ensurePython } from '../../../src/drivers/transformer/python-environment.ts';
import { startCliOf, type CliProcess } from '../../cli/run-cli.ts';
import { ROOT } from '../compose/configuration.ts';
import { layOut } from '../compose/rehearsal/image.ts';

/** `services` produce and land, `tasks` are those of Airflow, and `local` needs no server. They share no file but the project's. */
export type Place = 'services' | 'tasks' | 'local';
type Variables = Readonly<Record<string, string>>;

/** The project of this repository as its images have it, with DAGs for the environment `compose-snowflake`. */
export interface Deployment {
  /** The project's folder. */
  readonly root: string;
  readonly dags: string;
  /** The variables of a place, all of them Spindle's. */
  variables(place: Place): Variables;
  /** The folder that a place keeps its files in. */
  state(place: Place): string;
  /** Calls the built command line; what it prints once it has ended with 0. */
  spindle(place: Place, ...args: readonly string[]): Promise<string>;
  /** Starts it, for who keeps running. */
  start(place: Place, ...args: readonly string[]): CliProcess;
  remove(): void;
}

/** `streaming` are the variables of who produces and lands, `snowflake` those that the tasks have beside them. */
export async function deploy(streaming: Variables, snowflake: Variables): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-mission-'));
  const [checkout, root] = [join(folder, 'checkout'), join(folder, 'image')];
  const python = (dialect: 'duckdb' | 'snowflake') => ensurePython({ root: ROOT, dialect, notify: () => undefined });
  const state = (place: Place): string => join(folder, place);
  const own: Readonly<Record<Place, Variables>> = {
    services: { SPINDLE_ENV: 'compose-snowflake', ...streaming },
    tasks: { SPINDLE_ENV: 'compose-snowflake', ...streaming, ...snowflake, SPINDLE_PYTHON: await python('snowflake') },
    local: { SPINDLE_ENV: 'local', SPINDLE_PYTHON: await python('duckdb') },
  };
  const variables = (place: Place): Variables => ({ ...own[place], SPINDLE_STATE: state(place) });
  // Each project with its own command line: what all call in the image is one bundle.
  const start = (cwd: string, args: readonly string[], env: Variables) => startCliOf(join(cwd, 'bin/spindle.js'), { cwd, args, env });
  const call = async (cwd: string, args: readonly string[], env: Variables): Promise<string> => {
    const { exit, stdout, stderr } = await start(cwd, args, env).ended;
    expect(exit, `spindle ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  };
  // As docs/operations.md says it: the DAGs are generated before the images are built, which hold them.
  layOut(checkout);
  await call(checkout, ['generate', 'airflow', '--env', 'compose-snowflake'], {});
  layOut(root, checkout);
  return {
    root,
    dags: join(root, 'airflow/dags'),
    variables,
    state,
    spindle: (place, ...args) => call(root, args, variables(place)),
    start: (place, ...args) => start(root, args, variables(place)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
