import type {
  AirflowJobSettings,
  AirflowOperator,
  AirflowSettings,
  AirflowTarget,
  DbtTasks,
  TaskGranularity,
} from '../../runtime/declare/airflow.ts';
import { parseDuration } from '../../runtime/declare/duration.ts';
import type { JobDefinition } from '../../runtime/declare/definition.ts';
import type { Environment, Project } from '../../runtime/declare/project.ts';
import { isSpindleError } from '../../runtime/errors.ts';
import { startInstant } from '../../runtime/partitions/calendar.ts';
import { createTimeZones } from '../../runtime/partitions/time-zone.ts';
import { KEYWORDS } from '../python/keywords.ts';

/** The settings of an export with their defaults. */
export interface ExportSettings {
  readonly target: AirflowTarget;
  readonly operator: AirflowOperator;
  readonly dbt: DbtTasks;
  readonly granularity: TaskGranularity;
  readonly environment: string;
  readonly providers: Environment;
  readonly sharedHost: boolean;
  readonly command: string;
  readonly image: string;
  /** Relative to the project's folder, with forward slashes and none at its end. */
  readonly output: string;
  /** The experiment: tasks are stubs that a coordinator hands to the command line. */
  readonly nativeTasks: boolean;
  /** Of jobs that say nothing else. */
  readonly jobs: AirflowJobSettings;
}

/** The settings, and what is wrong with them: sentences with their remedies. */
export function resolveSettings(
  project: Project,
  settings: AirflowSettings,
): { readonly settings: ExportSettings; readonly problems: readonly string[] } {
  const names = Object.keys(project.environments);
  const environment = settings.environment ?? names[0] ?? '';
  const { command = './node_modules/.bin/spindle', image = `${imageName(project.name)}:latest`, output = 'airflow' } = settings;
  const resolved: ExportSettings = {
    target: settings.target ?? '3.3',
    operator: settings.operator ?? 'bash',
    dbt: settings.dbt ?? 'group',
    granularity: settings.granularity ?? 'asset',
    environment,
    providers: (Object.hasOwn(project.environments, environment) ? project.environments[environment] : undefined) ?? {},
    sharedHost: settings.sharedHost ?? false,
    command,
    image,
    output: output.replaceAll('\\', '/').replace(/\/+$/, ''),
    nativeTasks: settings.experimental?.nativeTasks ?? false,
    jobs: settings,
  };
  const problems = [
    ...(names.includes(environment)
      ? []
      : [
          `ENVIRONMENT: There is no environment "${environment}": name one of ${names.join(', ') || 'those that you declare'} as airflow.environment.`,
        ]),
    ...(isRelative(command)
      ? []
      : [
          `COMMAND: "${command}" is no path within the project: write airflow.command relative to its folder, such as ./node_modules/.bin/spindle.`,
        ]),
    ...(isRelative(resolved.output) ? [] : [`OUTPUT: "${output}" is no folder of the project: write airflow.output relative to it.`]),
    ...(/^[\w./:@-]+$/.test(image)
      ? []
      : [`IMAGE: ${JSON.stringify(image)} is no name of an image: write airflow.image such as registry.example.com/plays:1.4.`]),
    ...jobProblems('airflow', settings),
  ];
  return { settings: resolved, problems };
}

/** A job's own settings over those of the project. */
export const jobSettings = ({ jobs }: ExportSettings, { airflow }: JobDefinition): AirflowJobSettings => ({ ...jobs, ...airflow });

/** What is wrong with the settings of one job; `owner` says whose. */
export function jobProblems(
  owner: string,
  { maxActiveRuns, timeout, startDate, onFailure, onDeadline }: AirflowJobSettings,
): readonly string[] {
  const problems: string[] = [];
  if (maxActiveRuns !== undefined && (!Number.isSafeInteger(maxActiveRuns) || maxActiveRuns < 1))
    problems.push(`MAX_ACTIVE_RUNS: ${owner} allows ${maxActiveRuns} runs at once: give a whole number from 1 on.`);
  if (startDate !== undefined && startInstant({ start: startDate, timezone: 'UTC' }, createTimeZones()) === undefined)
    problems.push(`START_DATE: ${owner} starts at "${startDate}": write an ISO date or instant, such as 2026-01-01.`);
  for (const [name, path] of Object.entries({ onFailure, onDeadline })) {
    if (path !== undefined && !isDottedPath(path))
      problems.push(
        `DOTTED_PATH: ${name} of ${owner} is ${JSON.stringify(path)}: name a module and a function in it, such as company.alerts.notify.`,
      );
  }
  try {
    if (timeout !== undefined) parseDuration(timeout);
  } catch (error) {
    if (!isSpindleError(error)) throw error;
    problems.push(`DURATION_INVALID: timeout of ${owner}: ${error.message} ${error.remedy ?? ''}`.trimEnd());
  }
  return problems;
}

function isDottedPath(path: string): boolean {
  const parts = path.split('.');
  return parts.length > 1 && parts.every((part) => /^[A-Za-z_]\w*$/.test(part) && !KEYWORDS.has(part));
}

const isRelative = (path: string): boolean =>
  path !== '' && !/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(path) && !/[\n\r\0]/.test(path);

/** Letters, digits and single separators, as image names want them. */
const imageName = (project: string): string =>
  project
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'project';
