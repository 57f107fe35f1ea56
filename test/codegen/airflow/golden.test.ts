import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateScenario } from './generate-scenario.ts';
import { goldenOf, GOLDEN } from './golden.ts';
import { SCENARIOS } from './scenarios/index.ts';

describe('the files of a scenario', () => {
  it.each(Object.entries(SCENARIOS))('%s', async (name, scenario) => {
    const { files } = await generateScenario(scenario);
    for (const { path, text } of files) await expect(text).toMatchFileSnapshot(goldenOf(name, path));
  });

  it('are all that is kept of it', async () => {
    const generated = await Promise.all(
      Object.entries(SCENARIOS).map(async ([name, scenario]) =>
        (await generateScenario(scenario)).files.map(({ path }) => goldenOf(name, path)),
      ),
    );
    const wanted = new Set(generated.flat());
    const kept = existsSync(GOLDEN) ? readdirSync(GOLDEN, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()) : [];
    const stale = kept.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => !wanted.has(path));
    expect(stale.map((path) => relative(GOLDEN, path))).toEqual([]);
  });
});
