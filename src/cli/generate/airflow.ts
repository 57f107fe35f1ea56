import { posix, relative, sep } from 'node:path';
import { generateAirflow } from '../../codegen/airflow/generate-airflow.ts';
import type { AirflowSettings } from '../../runtime/declare/airflow.ts';
import { chooseEnvironment } from '../environment.ts';
import type { Session } from '../session.ts';
import type { AirflowArguments } from './airflow-options.ts';
import { callOf } from './call.ts';
import type { Generated } from './generators.ts';

/** The DAGs of a project, as its settings say where no option does. */
export function generate({ root, entry, project, graph }: Session, args: AirflowArguments): Generated {
  const { target, operator, dbt, granularity, streaming, env, job } = args;
  // What is generated does not depend on the environment variables of who generates it.
  if (env !== undefined) chooseEnvironment(project, env, {});
  if (job !== undefined) graph.job(job);
  const settings: AirflowSettings = {
    ...project.airflow,
    ...(target !== undefined && { target }),
    ...(operator !== undefined && { operator }),
    ...(dbt !== undefined && { dbt }),
    ...(granularity !== undefined && { granularity }),
    ...(streaming !== undefined && { streaming }),
    ...(env !== undefined && { environment: env }),
  };
  const { files, folder, notes } = generateAirflow({
    project,
    root,
    graph,
    settings,
    edit: relative(root, entry).split(sep).join('/'),
    // As it was called, but for what says only where the project is or which of the files to make.
    command: callOf('airflow', args, ['target', 'operator', 'dbt', 'granularity', 'streaming', 'env', 'allow-lossy']),
    allowLossy: args['allow-lossy'],
    job,
  });
  const owns = [
    { folder: posix.join(folder, 'dags'), ending: '.py', deep: true },
    { folder, ending: '.json', deep: false },
    { folder, ending: '.md', deep: false },
  ];
  return { files, owns: job === undefined ? owns : [], notes };
}
