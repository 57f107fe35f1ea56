import { posix } from 'node:path';
import type { AirflowSettings } from '../../runtime/declare/airflow.ts';
import { chooseEnvironment } from '../environment.ts';
import type { Session } from '../session.ts';
import type { AirflowArguments } from './airflow-options.ts';
import type { Generated } from './generators.ts';

/** The DAGs of a project, as its settings say where no option does. */
export async function generate({ project, graph }: Session, args: AirflowArguments): Promise<Generated> {
  const { target, operator, dbt, granularity, env, job } = args;
  // What is generated does not depend on the environment variables of who generates it.
  const environment = env === undefined ? undefined : chooseEnvironment(project, env, {}).name;
  if (job !== undefined) graph.job(job);
  const settings: AirflowSettings = {
    ...project.airflow,
    ...(target !== undefined && { target }),
    ...(operator !== undefined && { operator }),
    ...(dbt !== undefined && { dbt }),
    ...(granularity !== undefined && { granularity }),
    ...(environment !== undefined && { environment }),
  };
  // Until the generator is there.
  const path = '../../codegen/airflow/generate-airflow.ts';
  const { generateAirflow } = (await import(path)) as { generateAirflow: (input: unknown) => Generated };
  const { files, notes } = generateAirflow({
    project,
    graph,
    settings,
    allowLossy: args['allow-lossy'],
    ...(job !== undefined && { job }),
  });
  const { output = 'airflow' } = settings;
  const owns = [
    { folder: posix.join(output, 'dags'), ending: '.py', deep: true },
    { folder: posix.join(output), ending: '.json', deep: false },
    { folder: posix.join(output), ending: '.md', deep: false },
  ];
  return { files, owns: job === undefined ? owns : [], notes };
}
