import { codeVersionsOf, type CodeVersions } from '../project/code-versions.ts';
import { findProject } from '../project/find-project.ts';
import { loadModels } from '../project/load-models.ts';
import { loadProject, type LoadedProject } from '../project/load-project.ts';
import type { Project } from '../runtime/declare/project.ts';
import { buildGraph, type Graph } from '../runtime/graph/graph.ts';
import { select } from '../runtime/graph/selection/evaluate.ts';

/** A project as it is declared. */
export interface OpenProject {
  readonly root: string;
  /** The module that exports the project, absolute. */
  readonly entry: string;
  readonly project: Project;
}

/** A project as a command works on it. */
export interface Session extends OpenProject {
  readonly graph: Graph;
  /** The keys of a selection that needs no recorded state, in the graph's order; without one, all of them. */
  selectKeys(selection: string | undefined): readonly string[];
  /** The versions of the code of the project's assets, computed when they are first asked for. */
  codeVersions(): Promise<CodeVersions>;
}

/** How dbt reads a project anew; undefined where its committed manifest is to be taken as it is. */
export type ModelParser = ((dir: string) => Promise<unknown>) | undefined;

/** Finds and loads the project: PROJECT_… or DEPENDENCY_NOT_INSTALLED. For what needs no graph: that of a dbt project cannot be read before its sources are written. */
export async function openProject(cwd: string, path?: string): Promise<LoadedProject> {
  // Stack traces name the project's own files: its bundle carries a source map.
  process.setSourceMapsEnabled(true);
  return loadProject(findProject(cwd, path));
}

/** Finds and loads the project and builds its graph: PROJECT_…, DEPENDENCY_NOT_INSTALLED or GRAPH_INVALID. Opens no resource by itself. */
export async function openSession(
  cwd: string,
  path?: string,
  parserOf?: (root: string, project: Project) => ModelParser,
): Promise<Session> {
  const loaded = await openProject(cwd, path);
  const { root, entry, project } = loaded;
  const parse = parserOf?.(root, project);
  const models = await loadModels(project.dbt, root, parse);
  const graph = buildGraph({
    assets: [...project.assets.map(({ definition }) => definition), ...models.assets],
    checks: [...project.checks.map(({ definition }) => definition), ...models.checks],
    jobs: project.jobs.map(({ definition }) => definition),
    issues: models.issues,
  });
  let versions: Promise<CodeVersions> | undefined;
  return {
    root,
    entry,
    project,
    graph,
    selectKeys: (selection) => (selection === undefined ? graph.keys : select(graph, selection)),
    codeVersions: () => (versions ??= codeVersionsOf(loaded)),
  };
}
