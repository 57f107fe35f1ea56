import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Asset } from 'spindle';
import { buildGraph } from '../../src/runtime/graph/graph.ts';
import { readPages, root } from './page.ts';
import { createWorkspace, pageModules, projectFiles, writeFiles } from './workspace.ts';

const pages = readPages();
const folderOf = (path: string): string => path.replace(/\.md$/, '');

describe('the code on the pages', () => {
  const workspace = createWorkspace();
  for (const page of pages) writeFiles(join(workspace, folderOf(page.path)), new Map([...projectFiles(page), ...pageModules(page)]));

  it('passes the type checker', { timeout: 120_000 }, () => {
    const options = { noUnusedLocals: false, noUnusedParameters: false, allowImportingTsExtensions: true };
    const include = pages.map(({ path }) => `${folderOf(path)}/**/*.ts`);
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions: options, include };
    writeFiles(workspace, new Map([['tsconfig.json', JSON.stringify(config)]]));
    expect(typeErrors(workspace)).toBe('');
  });

  it('is JSON where it says so', () => {
    for (const { blocks } of pages) for (const { language, text } of blocks) if (language === 'json') JSON.parse(text);
    expect(pages.length).toBeGreaterThan(5);
  });

  it('is the profile of the pipeline where it is YAML', () => {
    const profiles = readFileSync(join(root, 'dbt/profiles.yml'), 'utf8').replaceAll(/^ {4}/gm, '');
    const shown = pages.flatMap(({ blocks }) => blocks).filter(({ language }) => language === 'yaml');
    expect(shown).toHaveLength(1);
    for (const { text } of shown) expect(profiles).toContain(text);
  });

  for (const page of pages) {
    for (const module of pageModules(page).keys()) {
      it(`declares assets that make a graph: ${page.path}, ${module}`, async () => {
        const namespace = (await import(pathToFileURL(join(workspace, folderOf(page.path), module)).href)) as Readonly<
          Record<string, unknown>
        >;
        const assets = Object.values(namespace).filter(isAsset);
        const graph = buildGraph({ assets: assets.map(({ definition }) => definition), checks: [], jobs: [] });
        expect(graph.keys).toEqual(expect.arrayContaining(assets.map(({ key }) => key)));
      });
    }
  }
});

function typeErrors(folder: string): string {
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--noEmit'], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

const isAsset = (value: unknown): value is Asset => typeof value === 'object' && value !== null && 'key' in value && 'definition' in value;
