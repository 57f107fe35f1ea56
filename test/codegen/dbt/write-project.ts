import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from '../../../src/codegen/generated-file.ts';
import { generateScenario } from './generate-scenario.ts';
import type { Scenario } from './scenarios.ts';

/** What a test adds to the files of a dbt project: by path below its folder. */
type Files = Readonly<Record<string, string>>;

const PROFILES = readFileSync(join(import.meta.dirname, '../../../dbt/profiles.yml'), 'utf8');

/** A dbt project in the folder that takes the generated files, with the profile of the repository's own. */
export function writeDbtProject(dir: string, files: Files, settings: Readonly<Record<string, unknown>> = {}): void {
  const project = { name: 'shop', profile: 'spotify', flags: { require_generic_test_arguments_property: true }, ...settings };
  write(dir, { 'dbt_project.yml': JSON.stringify(project), 'profiles.yml': PROFILES, ...files }); // JSON is YAML
}

/** The files of a scenario below `root`, each dbt project with the models that they name: the folders of the dbt projects, absolute. */
export function writeScenario(root: string, scenario: Scenario): readonly string[] {
  const { files } = generateScenario(scenario);
  return scenario.project.dbt.map((dbt) => {
    const { models, macros } = scenario.folders?.[dbt.dir] ?? { models: 'models', macros: 'macros' };
    const dir = join(root, dbt.dir);
    const named = Object.fromEntries(dbt.references().map(({ ref }) => [`${models}/${ref.split("'")[1]}.sql`, 'select 1 as n']));
    writeDbtProject(dir, { ...named, ...below(dbt.dir, files) }, { 'model-paths': [models], 'macro-paths': [macros] });
    return dir;
  });
}

const below = (folder: string, files: readonly GeneratedFile[]): Files =>
  Object.fromEntries(files.flatMap(({ path, text }) => (path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), text]] : [])));

function write(dir: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}
