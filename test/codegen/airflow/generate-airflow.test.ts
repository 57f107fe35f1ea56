import { describe, expect, it } from 'vitest';
import type { SpindleError } from 'spindle';
import { generateScenario, type Scenario } from './generate-scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

const textsOf = async (scenario: Scenario) =>
  Object.fromEntries((await generateScenario(scenario)).files.map(({ path, text }) => [path, text]));

/** The same project as somebody else would have listed it. */
const reordered = ({ project, ...rest }: Scenario): Scenario => ({
  ...rest,
  project: { ...project, assets: project.assets.toReversed(), checks: project.checks.toReversed(), jobs: project.jobs.toReversed() },
});

describe('generated files', () => {
  it.each(Object.entries(SCENARIOS))('of %s are the same each time, in whatever order a project is declared', async (_, scenario) => {
    const texts = await textsOf(scenario);
    expect(await textsOf(scenario)).toEqual(texts);
    expect(await textsOf(reordered(scenario))).toEqual(texts);
  });
});

describe('what the target cannot express', () => {
  const scenario = SCENARIOS['lossy']!;

  it('stops the export, all of it at once', async () => {
    const error = (await generateScenario({ ...scenario, allowLossy: false }).catch((thrown: unknown) => thrown)) as SpindleError;
    expect(error).toMatchObject({ code: 'EXPORT_LOSSY', remedy: expect.stringContaining('--allow-lossy') as string });
    const { entries: ledgerOfLossy } = (await generateScenario(scenario)).ledger;
    const features = (error.issues ?? []).map((issue) => issue.split(' ')[0]);
    expect(features).toEqual(ledgerOfLossy.filter(({ support }) => support === 'unsupported').map(({ feature }) => feature));
    expect(features).toEqual(
      expect.arrayContaining(['automation.missing', 'automation.not', 'job.selection-by-status', 'trigger.mixed-keys', 'trigger.unmapped']),
    );
    for (const issue of error.issues ?? []) expect(error.message).toContain(issue);
  });

  it('stands in the ledger where it is left out', async () => {
    const { files, ledger } = await generateScenario(scenario);
    const page = files.find(({ path }) => path === 'airflow/LEDGER.md')!.text;
    const lost = ledger.entries.filter(({ support }) => support === 'unsupported');
    expect(lost.length).toBeGreaterThan(8);
    for (const { feature, usedBy } of lost)
      for (const subject of usedBy) expect(page).toMatch(new RegExp(`\\| ${feature} \\|.*\`${subject}\``));
    const json = JSON.parse(files.find(({ path }) => path === 'airflow/ledger.json')!.text) as { readonly counts: unknown };
    expect(json.counts).toMatchObject({ unsupported: lost.length });
  });
});

describe('one job', () => {
  it('is generated as it is with all others', async () => {
    const scenario = SCENARIOS['fan-out']!;
    const all = await textsOf(scenario);
    const { files } = await generateScenario({ ...scenario, job: 'plan' });
    expect(files.map(({ path, text }) => [path, text])).toEqual([['airflow/dags/ads__plan.py', all['airflow/dags/ads__plan.py']]]);
  });
});
