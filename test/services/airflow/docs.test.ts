import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readPage } from '../../docs/page.ts';
import { loadDagBags } from './dag-bag.ts';

it('the DAG files on the page of the export load in Airflow, the generated ones and the one beside them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-docs-dags-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = readPage('docs/airflow.md').blocks.flatMap(({ language, text, file, generated = file }) =>
    language === 'python' && generated !== undefined ? [{ path: join(folder, generated), text }] : [],
  );
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${text}\n`);
  }
  const [bag] = await loadDagBags('3.3', [join(folder, 'airflow/dags')]);
  expect(bag?.errors).toEqual({});
  expect(Object.keys(bag?.dags ?? {}).toSorted()).toEqual(['mail_revenue', 'shop__nightly', 'shop__report']);
});
