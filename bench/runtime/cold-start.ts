import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchFigure } from '../figure.ts';
import { compared } from './compared.ts';

export interface ColdStartOptions {
  readonly root: string;
  readonly folder: string;
  /** Dagster's interpreter. */
  readonly python: string;
  readonly rounds: number;
}

interface Command {
  readonly cwd: string;
  readonly program: string;
  readonly args: readonly string[];
}

const PROJECT = `import { asset, defineProject, value } from 'spindle';
import { fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const first = asset('first', { store: value(z.int()) }).run(() => 1);
const second = asset('second', { store: value(z.int()), deps: { first } }).run(({ first: number }) => number + 1);

export const project = defineProject({
  name: 'two',
  assets: [first, second],
  environments: { local: { lake: fileSystemStore(), runStore: sqliteRunStore() } },
});
`;

const DEFINITIONS = `from dagster import Definitions, asset, in_process_executor


@asset
def first() -> int:
    return 1


@asset
def second(first: int) -> int:
    return first + 1


defs = Definitions(assets=[first, second], executor=in_process_executor)
`;

const FILES = {
  'spindle/package.json': '{ "name": "two", "type": "module", "spindle": { "project": "src/project.ts" } }\n',
  'spindle/src/project.ts': PROJECT,
  'dagster/pyproject.toml':
    '[project]\nname = "two"\nversion = "0.1.0"\n\n[tool.dg]\ndirectory_type = "project"\n\n[tool.dg.project]\nroot_module = "two"\ncode_location_target_module = "two.definitions"\n',
  'dagster/two/__init__.py': '',
  'dagster/two/definitions.py': DEFINITIONS,
  'dagster/two/multiprocess.py': DEFINITIONS.replace(', in_process_executor\n', '\n').replace(', executor=in_process_executor', ''),
  'home/dagster.yaml': 'telemetry:\n  enabled: false\n',
} as const;

/** Commands on a project of two assets, from nothing running to their end, the two sides in turn. Materializing is told to make both assets each time. */
export async function* coldStarts({ root, folder, python, rounds }: ColdStartOptions): AsyncIterable<BenchFigure> {
  const projects = join(folder, 'projects');
  await rm(projects, { recursive: true, force: true });
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(projects, path)), { recursive: true });
    await writeFile(join(projects, path), text);
  }
  const spindle = (...args: string[]): Command => ({
    cwd: join(projects, 'spindle'),
    program: process.execPath,
    args: [join(root, 'bin/spindle.js'), ...args],
  });
  const dagster = (name: string, ...args: string[]): Command => ({
    cwd: join(projects, 'dagster'),
    program: join(dirname(python), name),
    args,
  });
  const quiet = ['--config-json', '{"loggers":{"console":{"config":{"log_level":"CRITICAL"}}}}'];
  const materialize = (module: string) => dagster('dagster', 'asset', 'materialize', '--select', '*', '-f', `two/${module}.py`, ...quiet);

  const time = ({ cwd, program, args }: Command): number => {
    const env = { ...process.env, DAGSTER_HOME: join(projects, 'home'), PATH: `${dirname(python)}:${process.env['PATH']}` };
    const start = performance.now();
    const { status, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
    return (performance.now() - start) / 1000;
  };
  const list = spindle('list');
  const force = spindle('materialize', '--force');
  const figure = 'cold start of';
  yield compared({ figure: `${figure} list, nothing cached`, unit: 's', pairs: [{ ours: time(list), peer: undefined }] });
  time(force);
  const contests = [
    { name: 'list', ours: list, peer: dagster('dg', 'list', 'defs'), peerName: 'dg list defs', ratio: 1 / 8 },
    { name: 'list', ours: list, peer: dagster('dagster', 'asset', 'list', '-f', 'two/definitions.py'), peerName: 'dagster asset list' },
    { name: 'materialize', ours: force, peer: materialize('multiprocess'), peerName: 'dagster asset materialize', ratio: 1 / 8 },
    { name: 'materialize', ours: force, peer: materialize('definitions'), peerName: 'dagster asset materialize, in one process' },
  ];
  for (const { name, ours, peer, peerName, ratio } of contests) {
    time(peer); // compiles its modules, as the first run of ours filled the cache
    const pairs = Array.from({ length: rounds }, () => ({ ours: time(ours), peer: time(peer) }));
    yield compared({ figure: `${figure} ${name}`, unit: 's', pairs, peerName, ratio });
  }
}
