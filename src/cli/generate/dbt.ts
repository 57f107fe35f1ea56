import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { posix, relative, resolve, sep } from 'node:path';
import { columnChanges } from '../../codegen/dbt/column-changes.ts';
import { GENERATED_FOLDER, generateDbt, sourcesFile, type DbtTarget } from '../../codegen/dbt/generate-dbt.ts';
import { columnReaders } from '../../dbt/column-readers.ts';
import { readCommittedProject } from '../../dbt/parse-project.ts';
import { readProjectSettings } from '../../dbt/project-settings.ts';
import type { DbtProject } from '../../runtime/declare/project.ts';
import { isSpindleError, SpindleError } from '../../runtime/errors.ts';
import { outdatedManifest } from '../outdated-manifests.ts';
import type { OpenProject } from '../session.ts';
import type { Generated } from './generators.ts';
import { originOf } from './origin.ts';

/** Sources, exposures and tests for each dbt project. It needs no manifest: without its sources dbt could not make one. Those that are there tell the tables of models that others read. */
export async function generate({ root, entry, project }: OpenProject): Promise<Generated> {
  await Promise.all(project.dbt.map((each) => resolveReferences(root, each)));
  const targets = await targetsOf(root, project.dbt);
  // Without `--dbt`, which changes nothing: files that name it would differ for who leaves it out.
  const { files, notes } = generateDbt({ project, targets, origin: originOf({ root, entry, project }, 'dbt') });
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const broken = await Promise.all(targets.map((target) => brokenReaders(root, target, texts.get(sourcesFile(target)) ?? '')));
  return {
    files,
    owns: targets.flatMap(({ models, macros }) => [
      { folder: posix.join(models, GENERATED_FOLDER), ending: '.yml', deep: false },
      { folder: posix.join(macros, GENERATED_FOLDER), ending: '.sql', deep: false },
    ]),
    notes: [...notes, ...targets.flatMap((target) => missingManifest(root, target)), ...broken.flat()],
  };
}

/** As far as the committed manifest is there and can be read; nobody has dbt make it. */
async function resolveReferences(root: string, project: DbtProject): Promise<void> {
  if (project.references().every(({ isResolved }) => isResolved) || !hasManifest(root, project)) return;
  await project.load(root).catch((error: unknown) => {
    if (!isSpindleError(error) || error.code !== 'DBT_FAILED') throw error;
  });
}

const hasManifest = (root: string, { dir }: DbtProject): boolean => existsSync(resolve(root, dir, 'manifest.json'));

async function targetsOf(root: string, projects: readonly DbtProject[]): Promise<readonly DbtTarget[]> {
  const read = await Promise.all(
    projects.map(async (project) => ({ project, settings: await readProjectSettings(resolve(root, project.dir)) })),
  );
  const unset = read.filter(({ project, settings }) => project.sources.length > 0 && !settings.testArguments);
  if (unset.length > 0) {
    const places = unset.map(({ project }) => posix.join(project.dir, 'dbt_project.yml'));
    throw new SpindleError(
      'PROJECT_INVALID',
      `dbt would not take the tests that are generated: a flag is not set in ${places.join(', ')}.`,
      {
        remedy: 'Add there: flags: { require_generic_test_arguments_property: true }. The arguments of tests then stand under `arguments`.',
        issues: places,
      },
    );
  }
  return read.map(({ project, settings: { modelPaths, macroPaths } }) => {
    const folder = relative(root, resolve(root, project.dir)).split(sep).join('/');
    const place = (paths: readonly string[]) => posix.join(folder, paths[0] ?? '');
    return { project, models: place(modelPaths), macros: place(macroPaths) };
  });
}

function missingManifest(root: string, { project }: DbtTarget): readonly string[] {
  if (hasManifest(root, project)) return [];
  return [`${posix.join(project.dir, 'manifest.json')} is not there yet: \`npx spindle plan\` has dbt read the project, and writes it.`];
}

/** Which models and tests read what the sources that are written do not have any more, or have with another type. */
async function brokenReaders(root: string, target: DbtTarget, wanted: string): Promise<readonly string[]> {
  const found = await readFile(resolve(root, sourcesFile(target)), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const changes = columnChanges(found, wanted);
  if (changes.length === 0) return [];
  const dir = resolve(root, target.project.dir);
  const { graph, stale } = await readCommittedProject(dir);
  const notes = await Promise.all(
    changes.map(async ({ relation, gone, retyped }) => {
      const columns = [...gone, ...retyped.map(({ name }) => name)];
      const readers = graph && (await columnReaders({ graph, dir }, relation, columns));
      const types = new Map(retyped.map(({ name, from, to }) => [name, `is ${to}, and was ${from}`]));
      return columns.map((column) => `${relation}.${column} ${types.get(column) ?? 'is gone'}. ${readBy(readers?.get(column), target)}`);
    }),
  );
  return [...notes.flat(), ...(graph !== undefined && stale ? [outdatedManifest(target.project.dir)] : [])];
}

function readBy(readers: readonly string[] | undefined, { project: { name, dir } }: DbtTarget): string {
  if (readers === undefined)
    return `Who reads it in the dbt project ${name} cannot be told: there is no ${posix.join(dir, 'manifest.json')}. Run \`spindle plan\` before you change a table.`;
  return readers.length === 0
    ? `Nobody reads it in the dbt project ${name}.`
    : `In the dbt project ${name} it is read by: ${readers.join(', ')}`;
}
