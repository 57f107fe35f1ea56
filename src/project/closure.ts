import { readFileSync } from 'node:fs';
import { rolldown, type Plugin } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { buildError } from './build-error.ts';
import { virtualModule } from './bundle-project.ts';
import { inCanonicalOrder } from './canonical-order.ts';
import { eagerImports } from './eager-imports.ts';
import { isolateAssets, type AssetExports } from './isolate-assets.ts';
import type { NameVersions } from './package-versions.ts';
import { resolveImports } from './resolve-imports.ts';
import { hashOf } from './source-files.ts';
import { parseStatements, type SyntaxNode } from './syntax.ts';

export interface ClosureRequest {
  readonly root: string;
  /** The module and its export; without a name, all of the module. */
  readonly path: string;
  readonly name?: string;
  /** By module: the exports that other assets own. */
  readonly others: ReadonlyMap<string, AssetExports>;
  readonly versions: NameVersions;
}

const VIRTUAL_ENTRY = '\0spindle:closure';

/** A digest of all code that an export needs, from whatever module: the same on any machine, whatever comments, layout and unrelated exports say. */
export async function hashClosure({ root, path, name, others, versions }: ClosureRequest): Promise<string> {
  const from = JSON.stringify(path);
  const entry = name === undefined ? `export * from ${from};` : `export { ${JSON.stringify(name)} as closure } from ${from};`;
  const isolate: Plugin = {
    name: 'spindle:isolate-assets',
    load(id) {
      const exported = others.get(id);
      return exported === undefined ? null : eagerImports(isolateAssets(readFileSync(id, 'utf8'), id, exported), id);
    },
  };
  try {
    const bundle = await rolldown({
      input: VIRTUAL_ENTRY,
      cwd: root,
      platform: 'node',
      logLevel: 'silent',
      treeshake: { propertyReadSideEffects: false },
      plugins: [
        virtualModule(VIRTUAL_ENTRY, entry),
        isolate,
        resolveImports({ own: (specifier) => specifier, fallback: async (specifier) => specifier, sideEffects: false, missing: () => {} }),
      ],
    });
    try {
      const { output } = await bundle.generate({ format: 'esm', comments: false, codeSplitting: false });
      const [{ code: written, dynamicImports }] = output;
      const { code } = minifySync('closure.js', inCanonicalOrder(written), { module: true });
      return hashOf(code, ...versions([...staticImports(code), ...dynamicImports]));
    } finally {
      await bundle.close();
    }
  } catch (error) {
    throw buildError(error, root);
  }
}

/** Read from the code: the bundler's own list names imports that were shaken off. */
function staticImports(code: string): string[] {
  return (parseStatements(code, 'closure.js') ?? []).flatMap(({ source }) => {
    const value = (source as SyntaxNode | null | undefined)?.['value'];
    return typeof value === 'string' ? [value] : [];
  });
}
