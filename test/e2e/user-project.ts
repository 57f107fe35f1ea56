import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ensurePython } from '../../src/drivers/transformer/python-environment.ts';
import { root as repository } from './dbt-project.ts';

/** A project with models of dbt in a folder of its own, removed when the test ends: these files, a manifest, the profile of the repository's own, its packages and its Python. */
export async function userProject(files: Readonly<Record<string, string>>): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'spindle-models-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const profile = readFileSync(join(repository, 'dbt/profiles.yml'), 'utf8').replace(/^spotify:/, 'models:');
  const manifest = JSON.stringify({ name: 'models', type: 'module', spindle: { project: 'src/project.ts' } });
  for (const [path, content] of Object.entries({ 'package.json': manifest, 'dbt/profiles.yml': profile, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  await ensurePython({ root: repository, notify: () => {} });
  mkdirSync(join(root, '.spindle'));
  for (const shared of ['node_modules', '.spindle/python']) symlinkSync(join(repository, shared), join(root, shared));
  return root;
}
