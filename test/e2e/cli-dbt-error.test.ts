import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ensurePython } from '../../src/drivers/transformer/python-environment.ts';
import { runCli } from '../cli/run-cli.ts';
import { root as repository } from './dbt-project.ts';

/** A copy of the pipeline that can be broken; it shares the packages and Python of the repository. */
async function copyOfPipeline(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'spindle-pipeline-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ['src/assets', 'dbt']) cpSync(join(repository, folder), join(root, folder), { recursive: true });
  mkdirSync(join(root, '.spindle'));
  await ensurePython({ root: repository, notify: () => {} });
  for (const shared of ['node_modules', '.spindle/python']) symlinkSync(join(repository, shared), join(root, shared));
  const manifest = { name: 'spotify', type: 'module', spindle: { project: 'src/assets/project.ts' } };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  return root;
}

interface Summary {
  readonly status: string;
  readonly assets: readonly { readonly asset: string; readonly result: string }[];
  readonly failures: readonly { readonly asset: string; readonly error: Readonly<Record<string, unknown>> }[];
}

describe('a dbt model that cannot be built', () => {
  it('fails with dbt’s message and what to do, leaves the others be, and is built once it is mended', async () => {
    const root = await copyOfPipeline();
    const model = join(root, 'dbt/models/gold/device_mix.sql');
    const sql = readFileSync(model, 'utf8');
    writeFileSync(model, sql.replace('distinct user_id', 'distinct usr_id'));
    expect((await runCli(root, ['doctor'])).stdout).toContain('! dbt manifest: dbt/manifest.json was made from other files');
    const settings = ['listening_events', 'user_activity'].flatMap((topic) => ['--config', `stream/${topic}.events=500`]);
    const materialize = [
      'materialize',
      '-s',
      '+gold/device_mix or +gold/top_songs',
      '--json',
      '--now',
      '2026-06-10T12:00:00Z',
      ...settings,
    ];
    const broken = await runCli(root, materialize);
    expect(broken.exit, broken.stderr).toBe(1);
    const { status, assets, failures } = JSON.parse(broken.stdout) as Summary;
    expect(status).toBe('failed');
    expect(failures).toMatchObject([
      {
        asset: 'gold/device_mix',
        error: {
          code: 'DBT_MODEL_FAILED',
          message: expect.stringMatching(/models\/gold\/device_mix\.sql[\s\S]*Referenced column "usr_id" not found/),
          remedy: expect.stringContaining('spindle materialize --select gold/device_mix'),
        },
      },
    ]);
    expect(assets.find(({ asset }) => asset === 'gold/top_songs')?.result).toBe('materialized');

    writeFileSync(model, sql);
    const mended = await runCli(root, materialize);
    expect(mended.exit, mended.stderr).toBe(0);
    const results = new Map((JSON.parse(mended.stdout) as Summary).assets.map(({ asset, result }) => [asset, result]));
    expect([results.get('gold/device_mix'), results.get('gold/top_songs')]).toEqual(['materialized', 'fresh']);
  });
});
