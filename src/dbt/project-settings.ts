import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { SpindleError } from '../runtime/errors.ts';

const Paths = z.array(z.string()).min(1);
const Settings = z.object({
  'model-paths': Paths.default(['models']),
  'macro-paths': Paths.default(['macros']),
  'test-paths': Paths.default(['tests']),
  vars: z.unknown().optional(),
  flags: z.object({ require_generic_test_arguments_property: z.boolean().default(false) }).prefault({}),
});

/** What `dbt_project.yml` says of where things are, with dbt's defaults. */
export interface DbtProjectSettings {
  /** Relative to the project's folder, as the others. */
  readonly modelPaths: readonly string[];
  readonly macroPaths: readonly string[];
  readonly testPaths: readonly string[];
  /** The values of `vars`, as JSON. */
  readonly vars: string;
  /** Whether the arguments of tests stand under `arguments`, as in what Spindle writes. */
  readonly testArguments: boolean;
}

/** Reads `dbt_project.yml` of the project in `dir`. PROJECT_INVALID where there is none, or none that dbt could read. */
export async function readProjectSettings(dir: string): Promise<DbtProjectSettings> {
  const path = join(dir, 'dbt_project.yml');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw invalid(`There is no ${path}.`, 'Begin a dbt project there with `dbt init`, or correct the `dir` of dbtProject().');
  });
  const parsed = Settings.safeParse(parseYaml(path, text));
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw invalid(`${path} is not as dbt wants it: ${issues.join('; ')}`, 'Correct the file.');
  }
  const { vars, flags } = parsed.data;
  return {
    modelPaths: parsed.data['model-paths'],
    macroPaths: parsed.data['macro-paths'],
    testPaths: parsed.data['test-paths'],
    vars: JSON.stringify(vars ?? {}),
    testArguments: flags.require_generic_test_arguments_property,
  };
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(`${path} is no YAML: ${error instanceof Error ? error.message : String(error)}`, 'Correct the file.', error);
  }
}

function invalid(message: string, remedy: string, cause?: unknown): SpindleError {
  return new SpindleError('PROJECT_INVALID', message, { remedy, ...(cause !== undefined && { cause }) });
}
