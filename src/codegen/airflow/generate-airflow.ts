import { posix } from 'node:path';
import type { AirflowSettings } from '../../runtime/declare/airflow.ts';
import type { Project } from '../../runtime/declare/project.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { createTimeZones } from '../../runtime/partitions/time-zone.ts';
import { generatedFile, generatedJson, type GeneratedFile, type Origin } from '../generated-file.ts';
import { dagsOf, type Dags } from './dags.ts';
import { countsOf, ledgerOf, lossesOf, type Ledger } from './ledger/ledger.ts';
import { ledgerJson, ledgerPage } from './ledger/render-ledger.ts';
import type { DagModel } from './model.ts';
import { nativeTaskProblems, nativeTasks, nativeTaskUses } from './native-tasks.ts';
import { dagFile } from './render/dag-file.ts';
import type { ExportScope } from './scope.ts';
import { resolveSettings } from './settings.ts';

export interface AirflowInput {
  readonly project: Project;
  /** The project's folder, absolute: what is in it is named relative to it. */
  readonly root: string;
  readonly graph: Graph;
  /** Those of the project under those of the command line. */
  readonly settings: AirflowSettings;
  /** What to edit, relative to the project's folder. */
  readonly edit: string;
  /** The command that generates the files again. */
  readonly command: string;
  /** Also what the target cannot express: it is left out, and the ledger says so. */
  readonly allowLossy: boolean;
  /** The DAG of this job alone, without the ledger. */
  readonly job?: string | undefined;
}

export interface AirflowOutput {
  readonly files: readonly GeneratedFile[];
  /** The folder of all of them, relative to the project's. */
  readonly folder: string;
  readonly ledger: Ledger;
  /** Sentences for who runs the generator. */
  readonly notes: readonly string[];
}

/** The DAGs of a project with their ledger and pools. EXPORT_INVALID for what cannot be written, EXPORT_LOSSY for what the target loses; all of it at once. */
export function generateAirflow(input: AirflowInput): AirflowOutput {
  const { project, graph, allowLossy, job } = input;
  const { settings, problems: ofSettings } = resolveSettings(project, input.settings);
  const problems = [...ofSettings, ...nativeTaskProblems(settings, graph.jobs)];
  const scope: ExportScope = { project: project.name, root: input.root, graph, settings, zones: createTimeZones() };
  if (problems.length > 0) throw invalid(problems);
  const export_ = dagsOf(scope);
  if (export_.problems.length > 0) throw invalid(export_.problems);
  const ledger = ledgerOf(settings.target, [...export_.uses, ...nativeTaskUses(settings)]);
  const losses = lossesOf(ledger);
  if (losses.length > 0 && !allowLossy) throw lossy(losses);
  const origin: Origin = { generator: 'airflow', project: project.name, edit: input.edit, command: input.command };
  const folder = posix.normalize(settings.output);
  const place = (name: string) => posix.join(folder, name);
  const dagOf = (dag: DagModel) =>
    generatedFile(
      { path: place(`dags/${dag.id}.py`), comment: '#', text: dagFile(project.name, dag, settings) },
      { ...origin, job: dag.job },
    );
  if (job !== undefined) return { files: export_.dags.filter((dag) => dag.job === job).map(dagOf), folder, ledger, notes: [] };
  const files = [
    ...export_.dags.map(dagOf),
    generatedFile({ path: place('LEDGER.md'), comment: '<!--', text: ledgerPage(project.name, ledger) }, origin),
    generatedJson({ path: place('ledger.json'), value: ledgerJson(project.name, ledger) }, origin),
    ...(settings.nativeTasks
      ? [generatedJson({ path: place('native-tasks.json'), value: nativeTasks(project.name, export_.dags, settings) }, origin)]
      : []),
    ...(export_.pools.length === 0 ? [] : [poolsFile(place('pools.json'), export_, origin)]),
  ];
  return { files, folder, ledger, notes: notesOf(export_, ledger, place) };
}

/** What `airflow pools import` reads. */
function poolsFile(path: string, { pools }: Dags, origin: Origin): GeneratedFile {
  const value = (header: string) =>
    Object.fromEntries(
      pools.map(({ name, description }, index) => [
        name,
        { slots: 1, description: index === 0 ? `${header} ${description}` : description, include_deferred: true },
      ]),
    );
  return generatedJson({ path, value }, origin);
}

function notesOf({ pools, empty }: Dags, ledger: Ledger, place: (name: string) => string): readonly string[] {
  const { native, emulated, unsupported } = countsOf(ledger);
  return [
    `On Airflow ${ledger.target}: ${native} features native, ${emulated} emulated, ${unsupported} unsupported: ${place('LEDGER.md')}`,
    ...(pools.length === 0 ? [] : [`The tasks wait in pools: airflow pools import ${place('pools.json')}`]),
    ...empty.map((name) => `The job ${JSON.stringify(name)} has no DAG: services or something else make all that it selects.`),
  ];
}

function invalid(problems: readonly string[]): SpindleError {
  const issues = [...new Set(problems)];
  const count = issues.length === 1 ? 'a problem' : `${issues.length} problems`;
  return new SpindleError(
    'EXPORT_INVALID',
    `The project cannot be exported as it is: it has ${count}:\n${issues.map((issue) => `- ${issue}`).join('\n')}`,
    { issues },
  );
}

function lossy(issues: readonly string[]): SpindleError {
  return new SpindleError('EXPORT_LOSSY', `The export would lose something:\n${issues.map((issue) => `- ${issue}`).join('\n')}`, {
    issues,
    remedy: 'Change the project, choose another --target, or accept the loss with --allow-lossy.',
  });
}
