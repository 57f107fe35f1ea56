import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runDbtCommand } from '../../drivers/transformer/dbt-command.ts';
import { dbtVariables, type DbtTarget } from '../../drivers/transformer/dbt-variables.ts';
import { reachable, type DbtTransformer } from '../../drivers/transformer/dbt.ts';
import { didYouMean } from '../../runtime/closest.ts';
import type { DbtProject, Project } from '../../runtime/declare/project.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import type { CommandContext } from '../command.ts';
import { chooseEnvironment, openEnvironment, type OpenEnvironment } from '../environment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readFaults } from '../fault-injection.ts';
import { openProject } from '../session.ts';
import { wantsColors } from '../style.ts';
import { needsWarehouse } from './needs-warehouse.ts';

export interface DbtWords {
  /** As they were typed. */
  readonly words: readonly string[];
  readonly project: string | undefined;
  readonly env: string | undefined;
  readonly dbtProject: string | undefined;
  readonly json: boolean;
  readonly colors: boolean;
}

const DOCS_PAGE = 'static_index.html';

/** Runs dbt for a person: in the folder of the dbt project, against the warehouse of the environment, whose file it owns meanwhile. */
export async function callDbt(asked: DbtWords, context: CommandContext): Promise<ExitCode> {
  const { cwd, env, output, redactor, signal } = context;
  if (asked.words.length === 0)
    throw new SpindleError('USAGE', 'Which command of dbt?', {
      remedy: 'Run: spindle dbt --help, or spindle dbt -- --help for that of dbt.',
    });
  const { root, project } = await openProject(cwd, asked.project);
  const models = chooseModels(project, asked.dbtProject);
  const dir = resolve(root, models.dir);
  const chosen = chooseEnvironment(project, asked.env, env);
  const environment = openEnvironment(chosen, { root, env, signal, faults: readFaults(env), redactor, notify: output.notice });
  try {
    const isDocs = asked.words.length === 1 && asked.words[0] === 'docs';
    const args = isDocs ? ['docs', 'generate', '--static', '--target-path', 'target'] : asked.words;
    const run = await dbtOf(environment, { dir, args, asked, context });
    const status = await run();
    const page = isDocs && status === EXIT.ok ? join(dir, 'target', DOCS_PAGE) : undefined;
    if (asked.json) output.json({ dbtProject: models.name, arguments: args, exit: status, ...(page !== undefined && { page }) });
    else if (page !== undefined) output.print(`The page is ${relative(cwd, page)}: open it in a browser.`);
    return status;
  } finally {
    await environment.close();
  }
}

/** The dbt project that is meant: the only one, or the one that is named. */
function chooseModels({ name, dbt }: Project, wanted: string | undefined): DbtProject {
  const names = dbt.map((each) => each.name);
  const [first, second] = dbt;
  if (first === undefined)
    throw new SpindleError('USAGE', `The project ${name} has no dbt project.`, { remedy: 'List one under `dbt` of defineProject.' });
  if (wanted === undefined && second !== undefined)
    throw new SpindleError('USAGE', `The project ${name} has several dbt projects.`, {
      field: '--dbt-project',
      remedy: `Name one of them: ${names.join(', ')}.`,
    });
  const found = wanted === undefined ? first : dbt.find((each) => each.name === wanted);
  if (found !== undefined) return found;
  throw new SpindleError('USAGE', `The project ${name} has no dbt project "${wanted}".${didYouMean(wanted ?? '', names)}`, {
    field: '--dbt-project',
    remedy: `The dbt projects are ${names.join(', ')}.`,
  });
}

interface Call {
  readonly dir: string;
  readonly args: readonly string[];
  readonly asked: DbtWords;
  readonly context: CommandContext;
}

/** What runs it, with everything opened that it needs. */
async function dbtOf(environment: OpenEnvironment, { dir, args, asked, context }: Call): Promise<() => Promise<ExitCode>> {
  const { env, signal } = context;
  environment.require(['warehouse', 'transformer']);
  const warehouse = (await environment.open('warehouse')) as Warehouse;
  const transformer = (await environment.open('transformer')) as Partial<DbtTransformer>;
  const { python } = transformer;
  if (python === undefined)
    throw new SpindleError('RESOURCE_MISSING', `The transformer of the environment "${environment.name}" is not dbt.`, {
      field: 'transformer',
      remedy: 'Choose another environment with --env.',
    });
  if (!existsSync(join(dir, 'dbt_project.yml')))
    throw new SpindleError('PROJECT_INVALID', `There is no dbt_project.yml in ${dir}.`, { remedy: 'Correct `dir` of dbtProject().' });

  const start = async (target: DbtTarget): Promise<ExitCode> => {
    const isColored = wantsColors({ refused: !asked.colors, isTerminal: !asked.json && process.stdout.isTTY === true, env });
    const status = await runDbtCommand(await python(target.dialect, signal), {
      dir,
      args,
      // What the user's own variables say of dbt holds, but for which project and where.
      env: {
        DBT_USE_COLORS: String(isColored),
        ...env,
        DBT_PROJECT_DIR: dir,
        DBT_PROFILES_DIR: dir,
        DBT_TARGET: target.dialect,
        ...dbtVariables(target),
      },
      stdio: ['inherit', asked.json ? process.stderr : 'inherit', 'inherit'],
      hasTerminal: process.stdin.isTTY === true,
      signal,
    });
    return exitCode(status);
  };
  if (needsWarehouse(args)) return () => warehouse.lend('dbt', (target) => start(reachable(target)));
  const target = await warehouse.lend('dbt', (lent) => Promise.resolve(reachable(lent)));
  return () => start(target);
}

function exitCode(status: number): ExitCode {
  switch (status) {
    case 0:
      return EXIT.ok;
    case 2:
      return EXIT.usage;
    default:
      return EXIT.failed;
  }
}
