import { posix } from 'node:path';
import type { Asset } from '../../runtime/declare/asset.ts';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { DbtProject, Project } from '../../runtime/declare/project.ts';
import { generatedFile, type GeneratedFile, type Origin } from '../generated-file.ts';
import { exposuresOf } from './exposures.ts';
import { printYaml } from './print-yaml.ts';
import { requireTables, sourcesOf } from './sources.ts';
import { TEST_MACROS } from './test-macros.ts';

/** A dbt project and where its files go, relative to the Spindle project's folder, with forward slashes. */
export interface DbtTarget {
  readonly project: DbtProject;
  /** A folder in which dbt looks for models, and one for macros. */
  readonly models: string;
  readonly macros: string;
}

export interface DbtInput {
  readonly project: Pick<Project, 'name' | 'assets'>;
  readonly targets: readonly DbtTarget[];
  readonly origin: Origin;
}

export interface DbtOutput {
  readonly files: readonly GeneratedFile[];
  /** Sentences for who runs the generator. */
  readonly notes: readonly string[];
}

/** Where the files of a dbt project stand: below its first folder of models, and of macros. */
export const GENERATED_FOLDER = '_generated';
export const sourcesFile = ({ models }: Pick<DbtTarget, 'models'>): string => posix.join(models, GENERATED_FOLDER, 'sources.yml');

/** The sources, exposures and tests that dbt is to know of a project's tables; a model of another dbt project whose table is not known yet is left out, and noted. GRAPH_INVALID for sources that are none, SCHEMA_UNMAPPABLE for columns that no table holds; all of it at once. */
export function generateDbt({ project, targets: declared, origin }: DbtInput): DbtOutput {
  const notes: string[] = [];
  const targets = withKnownSources(declared, (note) => notes.push(note));
  requireTables(targets.map((target) => target.project));
  const assets = reachable(project.assets.map(({ definition }) => definition));
  const files = targets.flatMap((target): readonly GeneratedFile[] => {
    const yaml = (path: string, value: Readonly<Record<string, readonly unknown[]>>) =>
      Object.values(value).flat().length === 0 ? [] : [generatedFile({ path, comment: '#', text: printYaml(value) }, origin)];
    const sources = sourcesOf(target.project, project.name, (note) => notes.push(note));
    const exposures = exposuresOf(assets, target.project.references(), project.name);
    const macros = { path: posix.join(target.macros, GENERATED_FOLDER, 'spindle_tests.sql'), comment: '--', text: TEST_MACROS } as const;
    return [
      ...yaml(sourcesFile(target), { sources }),
      ...yaml(posix.join(target.models, GENERATED_FOLDER, 'exposures.yml'), { exposures }),
      ...(sources.length > 0 ? [generatedFile(macros, origin)] : []),
    ];
  });
  return { files, notes: [...new Set(notes)] };
}

function withKnownSources(targets: readonly DbtTarget[], note: (text: string) => void): readonly DbtTarget[] {
  const makers = new Map(
    targets.flatMap(({ project }) =>
      project.references().flatMap(({ definition, isResolved }) => (isResolved ? [] : [[definition, project.name]])),
    ),
  );
  return targets.map((target) => {
    const { name, sources } = target.project;
    const isKnown = ({ definition }: Asset) => !makers.has(definition);
    for (const { definition } of sources.filter((source) => !isKnown(source))) {
      const maker = makers.get(definition);
      note(
        `${definition.key} is left out of the sources of the dbt project ${name}: no manifest tells its table yet. Run \`npx spindle plan\`, which has dbt read ${maker}, then \`npx spindle generate dbt\` again.`,
      );
    }
    return { ...target, project: { ...target.project, sources: sources.filter(isKnown) } };
  });
}

/** The assets with everything that they depend on, each once. */
function reachable(assets: readonly AssetDefinition[]): readonly AssetDefinition[] {
  const found = new Set(assets);
  for (const asset of found) for (const { upstream } of Object.values(asset.dependencies)) found.add(upstream);
  return [...found];
}
