import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { afterAll, beforeAll } from 'vitest';

/** Bundles the program of a child process before the tests of a file, in a folder from which it finds the project's packages; gives where it then lies. */
export function bundledChild(source: URL): string {
  const folder = fileURLToPath(new URL(`../../node_modules/.cache/spindle-test/${process.pid}-${Date.now()}`, import.meta.url));
  const file = `${folder}/child.mjs`;
  beforeAll(async () => {
    await build({
      input: fileURLToPath(source),
      platform: 'node',
      external: ['libsql', 'pg', /^kafkajs/, 'lz4-napi', 'snappy', 'minio', 'snowflake-sdk'],
      logLevel: 'silent',
      output: { file, format: 'esm' },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return file;
}
