import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePython } from '../../../src/drivers/transformer/python-environment.ts';
import { runCli, type CliOutcome } from '../../cli/run-cli.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

const ENVIRONMENTS = `import { dbt, duckDb, embeddedBroker, fileSystemStore, snowflake, sqliteRunStore } from 'spindle/drivers';

const files = { broker: embeddedBroker(), lake: fileSystemStore(), transformer: dbt(), runStore: sqliteRunStore() };
export const local = { ...files, warehouse: duckDb() };
export const account = { ...files, warehouse: snowflake() };
`;

/** The pipeline of this repository as a user's project, with the environments \`local\` in DuckDB and \`account\` in Snowflake. */
export interface SpotifyProject {
  readonly root: string;
  /** Runs the built command line. */
  spindle(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliOutcome>;
  remove(): void;
}

/** It shares the packages and the Python environments of the repository. */
export async function spotifyProject(): Promise<SpotifyProject> {
  const root = mkdtempSync(join(tmpdir(), 'spindle-spotify-'));
  for (const folder of ['src/assets', 'dbt']) cpSync(join(repository, folder), join(root, folder), { recursive: true });
  writeFileSync(join(root, 'src/assets/environments.ts'), ENVIRONMENTS);
  const project = join(root, 'src/assets/project.ts');
  const declared = readFileSync(project, 'utf8')
    .replace(/import \{[^}]*\} from '\.\/environments\.ts'/, "import { account, local } from './environments.ts'")
    .replace(/ {2}environments: \{[^}]*\},\n/, '  environments: { local, account },\n')
    .replace(/ {2}\/\/[^\n]*\n {2}airflow: \{[^}]*\},\n/, '');
  writeFileSync(project, declared);
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: 'spotify', type: 'module', spindle: { project: 'src/assets/project.ts' } }),
  );
  mkdirSync(join(root, '.spindle'));
  for (const dialect of ['duckdb', 'snowflake'] as const) await ensurePython({ root: repository, dialect, notify: () => {} });
  for (const shared of ['node_modules', '.spindle/python', '.spindle/python-snowflake'])
    symlinkSync(join(repository, shared), join(root, shared));
  return {
    root,
    spindle: (args, env = {}) => runCli(root, args, env),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
