import type { CommandContext } from './command.ts';
import { asksForStatus } from './asset-status.ts';
import { chooseEnvironment } from './environment.ts';
import { openSession } from './session.ts';
import type { Project } from '../runtime/declare/project.ts';
import type { Graph } from '../runtime/graph/graph.ts';
import { parseSelection } from '../runtime/graph/selection/parser.ts';

export interface SelectArguments {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly select?: string | undefined;
}

export interface SelectedAssets {
  readonly project: Project;
  readonly graph: Graph;
  /** In the graph's order; none only where the selection asks for a status that no asset has. */
  readonly keys: readonly string[];
}

/** Selects without opening a driver. `stale`, `missing`, `failed` and `overdue` are answered from the recorded state of the environment, which is read only for them: where the run store is a server, from that. */
export async function selectAssets({ project, env, select }: SelectArguments, context: CommandContext): Promise<SelectedAssets> {
  const { graph, project: declared, selectKeys } = await openSession(context.cwd, project);
  // An environment that does not exist is refused also where its state is not needed.
  if (env !== undefined) chooseEnvironment(declared, env, context.env);
  if (select === undefined || !asksForStatus(graph, parseSelection(select))) return { project: declared, graph, keys: selectKeys(select) };
  const { openPipeline } = await import('./pipeline.ts');
  const pipeline = await openPipeline({ project, env, select }, context);
  try {
    const { selected } = await pipeline.startOffline();
    return { project: declared, graph, keys: graph.keys.filter((key) => selected.has(key)) };
  } finally {
    await pipeline.close();
  }
}
