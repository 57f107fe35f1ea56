import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateScenario } from './generate-scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

describe('the files of a scenario', () => {
  it.each(Object.entries(SCENARIOS))('%s', async (name, scenario) => {
    const { files, notes } = generateScenario(scenario);
    for (const { path, text } of files) await expect(text).toMatchFileSnapshot(join(GOLDEN, name, path));
    await expect(notes.join('\n')).toMatchFileSnapshot(join(GOLDEN, name, 'notes.txt'));
  });

  it('are all that is kept of it', () => {
    const wanted = Object.entries(SCENARIOS).flatMap(([name, scenario]) =>
      ['notes.txt', ...generateScenario(scenario).files.map(({ path }) => path)].map((path) => `${name}/${path}`),
    );
    const kept = readdirSync(GOLDEN, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(kept.map(({ parentPath, name }) => relative(GOLDEN, join(parentPath, name))).toSorted()).toEqual(wanted.toSorted());
  });

  it('are the same whatever the order of the sources', () => {
    const { project } = SCENARIOS['references']!;
    const turned = { ...project, dbt: project.dbt.map((dbt) => ({ ...dbt, sources: dbt.sources.toReversed() })) };
    expect(generateScenario({ project: turned }).files).toEqual(generateScenario({ project }).files);
  });
});
