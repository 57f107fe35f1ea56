import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generateScenario } from '../../codegen/dbt/generate-scenario.ts';
import { SCENARIOS } from '../../codegen/dbt/scenarios.ts';
import { ensureEnvironment } from '../../python-environment.ts';
import { root } from '../dbt-project.ts';

/** dbt's own JSON Schema of YAML files, as it comes with dbt-core 1.12: that of 1.11 refuses tests that have a name. */
async function readSchema(): Promise<object> {
  const lock = fileURLToPath(new URL('../../codegen/dbt/requirements-schema.txt', import.meta.url));
  const lib = join(dirname(dirname(await ensureEnvironment('dbt-schema', lock))), 'lib');
  const [version = ''] = readdirSync(lib);
  return JSON.parse(readFileSync(join(lib, version, 'site-packages/dbt/jsonschemas/resources/latest.json'), 'utf8')) as object;
}

describe("dbt's own JSON Schema", () => {
  let problems: (text: string) => readonly string[];
  beforeAll(async () => {
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(await readSchema());
    problems = (text) => (validate(parse(text)) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`));
  });

  it.each(Object.entries(SCENARIOS))('takes the files of the scenario %s', (_name, scenario) => {
    for (const { path, text } of generateScenario(scenario).files.filter((file) => file.path.endsWith('.yml')))
      expect(problems(text), path).toEqual([]);
  });

  it('takes the files of this repository', () => {
    const folder = join(root, 'dbt/models/_generated');
    expect(readdirSync(folder)).toEqual(['exposures.yml', 'sources.yml']);
    for (const name of readdirSync(folder)) expect(problems(readFileSync(join(folder, name), 'utf8')), name).toEqual([]);
  });

  it('refuses what stands in another place', () => {
    const [file] = generateScenario(SCENARIOS['every-type']!).files;
    expect(problems(file!.text.replaceAll('        config:\n          meta:', '        unknown:\n          meta:'))).not.toEqual([]);
    expect(problems(file!.text.replaceAll('data_tests:', 'data_test:'))).not.toEqual([]);
  });
});
