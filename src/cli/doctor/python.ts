import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Project } from '../../runtime/declare/project.ts';
import type { Dialect } from '../../runtime/schema/dialect.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';

const run = promisify(execFile);
/** The oldest that dbt works with. */
const MINIMUM_MINOR = 10;
const PROBE = 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])';

/** Python and dbt matter to projects with dbt models only: others get no finding. */
export async function examinePython(session: Session | undefined): Promise<readonly Finding[]> {
  if (session === undefined) return [await examineInterpreter()];
  const { root, project } = session;
  if (project.dbt.length === 0) return [];
  return [await examineInterpreter(), ...(await Promise.all(dialectsOf(project).map((dialect) => examineDbt(root, dialect))))];
}

/** Of the warehouses that dbt is to build in. */
function dialectsOf({ environments }: Project): readonly Dialect[] {
  const dialects = Object.values(environments).map(({ warehouse }) => warehouse?.dialect ?? 'duckdb');
  return [...new Set(dialects)].toSorted();
}

async function examineDbt(root: string, dialect: Dialect): Promise<Finding> {
  const check = dialect === 'snowflake' ? 'dbt for Snowflake' : 'dbt';
  const { isPythonReady, pythonPaths } = await import('../../drivers/transformer/python-environment.ts');
  const { folder } = pythonPaths(root, dialect);
  if (await isPythonReady(root, dialect)) return { check, status: 'ok', message: `set up in ${folder}` };
  return {
    check,
    status: 'warn',
    message: existsSync(folder) ? `set up in ${folder}, but for another Python or other packages` : 'not set up yet',
    remedy: 'Nothing to do: the first run that needs it sets it up, which takes a minute and the package index.',
  };
}

async function examineInterpreter(): Promise<Finding> {
  const check = 'Python';
  const remedy = `Install Python 3.${MINIMUM_MINOR} or newer with its venv module (Debian and Ubuntu: apt install python3 python3-venv).`;
  try {
    const { stdout } = await run('python3', ['-c', PROBE], { timeout: 20_000 });
    const version = stdout.trim();
    const minor = Number(version.split('.')[1]);
    if (minor < MINIMUM_MINOR) return { check, status: 'fail', message: `python3 is ${version}, which is too old`, remedy };
    return { check, status: 'ok', message: `version ${version} with venv` };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { check, status: 'fail', message: missing ? 'there is no python3' : 'python3 has no venv module', remedy };
  }
}
