#!/usr/bin/env node
// Bundles the benches (Node 20 runs no TypeScript) and runs the one that is named: `npm run bench -- NAME [--option value …]`.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const out = fileURLToPath(new URL('../.spindle/bench/', import.meta.url));
await mkdir(out, { recursive: true });
const bundle = await rolldown({
  input: fileURLToPath(new URL('main.ts', import.meta.url)),
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
});
await bundle.write({ dir: out, format: 'esm', sourcemap: true, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
await bundle.close();
const { main } = await import(pathToFileURL(`${out}main.mjs`).href);
process.exitCode = await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)));
