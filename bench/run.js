#!/usr/bin/env node
// Bundles the benches (Node 20 runs no TypeScript) and runs the one that is named: `npm run bench -- NAME [--option value …]`.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const out = fileURLToPath(new URL('../.spindle/bench/', import.meta.url));
await mkdir(out, { recursive: true });
/** Modules that name files beside them go on doing so: in the bundle they would name the bundle's neighbors. */
const pinPlaces = {
  name: 'pin-places',
  transform(code, id) {
    if (!code.includes('import.meta')) return null;
    const places = { url: pathToFileURL(id).href, dirname: dirname(id), filename: id };
    return { code: code.replaceAll(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, name) => JSON.stringify(places[name])), map: null };
  },
};
const bundle = await rolldown({
  input: fileURLToPath(new URL('main.ts', import.meta.url)),
  platform: 'node',
  plugins: [pinPlaces],
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
});
await bundle.write({ dir: out, format: 'esm', sourcemap: true, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
await bundle.close();
const { main } = await import(pathToFileURL(`${out}main.mjs`).href);
process.exitCode = await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)));
