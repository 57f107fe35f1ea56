import type { AirflowJobSettings } from '../../runtime/declare/airflow.ts';
import type { AssetDefinition, JobDefinition } from '../../runtime/declare/definition.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { STATUSES } from '../../runtime/graph/selection/ast.ts';
import { select } from '../../runtime/graph/selection/evaluate.ts';
import { isStreamed } from '../../runtime/stream/is-streamed.ts';
import type { TimeZones } from '../../runtime/partitions/time-zone.ts';
import type { Use } from './ledger/feature.ts';
import { jobSettings, type ExportSettings } from './settings.ts';

/** What all parts of one export share. */
export interface ExportScope {
  readonly project: string;
  /** The project's folder, absolute. */
  readonly root: string;
  readonly graph: Graph;
  readonly settings: ExportSettings;
  readonly zones: TimeZones;
}

/** A job, and which of its assets Airflow makes. */
export interface JobScope {
  readonly job: JobDefinition;
  readonly settings: AirflowJobSettings;
  /** All that the job selects, in the graph's order. */
  readonly selected: ReadonlySet<string>;
  /** Those that tasks make: neither sources nor what services fill. */
  readonly made: ReadonlySet<string>;
  readonly uses: readonly Use[];
}

export function jobScope({ graph, settings: of }: ExportScope, job: JobDefinition): JobScope {
  const settings = jobSettings(of, job);
  const uses: Use[] = [];
  const subject = `job ${job.name}`;
  // A status is what is recorded when a run begins: every task asks for it anyhow.
  let byStatus = false;
  const keys = select(graph, job.select, {
    status: () => {
      byStatus = true;
      return new Set(STATUSES);
    },
  });
  if (byStatus) uses.push({ feature: 'job.selection-by-status', subject });
  const made = keys.filter((key) => isMade(graph.get(key)) && !isService(graph.get(key), settings));
  for (const key of keys) {
    const asset = graph.get(key);
    if (isStreamed(asset))
      uses.push({ feature: settings.streaming === 'task' ? 'streaming.task' : 'streaming.service', subject: `${key} in ${subject}` });
  }
  return { job, settings, selected: new Set(keys), made: new Set(made), uses };
}

/** False for a source, which something else writes. */
export const isMade = ({ run, transform }: AssetDefinition): boolean => run !== undefined || transform !== undefined;

const isService = ({ store }: AssetDefinition, { streaming = 'service' }: AirflowJobSettings): boolean =>
  streaming === 'service' && store?.spec.stream !== undefined;

/** The assets that tasks of the job read and do not make, in the graph's order. Order alone reads nothing. */
export function inputsOf({ graph }: ExportScope, { made }: Pick<JobScope, 'made'>): readonly string[] {
  const read = new Set([...made].flatMap((key) => readBy(graph.get(key))));
  return graph.keys.filter((key) => read.has(key) && !made.has(key));
}

/** The keys that the asset reads something of, each once. */
export const readBy = ({ dependencies }: AssetDefinition): readonly string[] => [
  ...new Set(Object.values(dependencies).flatMap(({ upstream, mapping }) => (mapping.kind === 'order' ? [] : [upstream.key]))),
];
