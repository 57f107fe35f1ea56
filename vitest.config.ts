import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const alias = [
  { find: /^spindle$/, replacement: source('runtime/index.ts') },
  { find: /^spindle\/(testing|drivers|dbt|codegen|command)$/, replacement: source('$1/index.ts') },
];

/** `unit` needs Node alone, `e2e` also Python, `services` a real broker, S3 server and the like. */
export default defineConfig({
  resolve: { alias },
  test: {
    expect: { poll: { timeout: 20_000 } }, // what is waited for comes at once, unless the machine is busy
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/{e2e,services}/**'], testTimeout: 20_000 } },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000, fileParallelism: false },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: ['test/services/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
