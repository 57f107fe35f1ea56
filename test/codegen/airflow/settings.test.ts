import { describe, expect, it } from 'vitest';
import { asset, defineProject, isSpindleError, job, type AirflowSettings } from 'spindle';
import { generateScenario } from './generate-scenario.ts';
import { production } from './environment.ts';

/** The problems of a project with these settings, or of a job with them. */
async function problemsOf(settings: object, ofJob: object = {}): Promise<readonly string[]> {
  const project = defineProject({
    name: 'shop',
    assets: [asset('a').run(() => 1)],
    jobs: [job('all', { select: '**', airflow: ofJob })],
    environments: { production },
    airflow: settings as AirflowSettings,
  });
  try {
    await generateScenario({ project });
    return [];
  } catch (error) {
    if (isSpindleError(error) && error.code === 'EXPORT_INVALID') return error.issues ?? [];
    throw error;
  }
}

describe('settings', () => {
  it('have defaults', async () => {
    expect(await problemsOf({})).toEqual([]);
  });

  it.each([
    [{ environment: 'prod' }, 'ENVIRONMENT: There is no environment "prod"'],
    [{ environment: 'toString' }, 'ENVIRONMENT'],
    [{ command: '/usr/bin/spindle' }, 'COMMAND'],
    [{ command: '../spindle' }, 'COMMAND'],
    [{ command: '' }, 'COMMAND'],
    [{ output: '../dags' }, 'OUTPUT'],
    [{ output: 'C:\\dags' }, 'OUTPUT'],
    [{ image: "a' b" }, 'IMAGE'],
    [{ image: '{{ x }}' }, 'IMAGE'],
    [{ maxActiveRuns: 0 }, 'MAX_ACTIVE_RUNS: airflow'],
    [{ timeout: '2 hours' }, 'DURATION_INVALID: timeout of airflow'],
    [{ startDate: 'yesterday' }, 'START_DATE'],
    [{ onFailure: 'notify' }, 'DOTTED_PATH: onFailure of airflow'],
    [{ onFailure: 'company.class.notify' }, 'DOTTED_PATH'],
    [{ onDeadline: 'a.b; import os' }, 'DOTTED_PATH: onDeadline'],
    [{ onDeadline: 'a.b\n' }, 'DOTTED_PATH'],
  ])('are refused: %j', async (settings, problem) => {
    expect(await problemsOf(settings)).toEqual([expect.stringContaining(problem) as string]);
  });

  it('are refused of a job by its name, and all problems at once', async () => {
    const problems = await problemsOf({ image: '' }, { maxActiveRuns: 1.5, onFailure: 'x' });
    expect(problems).toEqual([expect.stringContaining('IMAGE') as string]);
    expect(await problemsOf({}, { maxActiveRuns: 1.5, onFailure: 'x' })).toEqual([
      expect.stringContaining('the job "all"') as string,
      expect.stringContaining('the job "all"') as string,
    ]);
  });

  it('catch up with nothing where the runs are not those of partitions', async () => {
    expect(await problemsOf({}, { catchUp: true })).toEqual([expect.stringContaining('CATCH_UP: The job "all"') as string]);
  });
});
