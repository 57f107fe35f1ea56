import { readFileSync } from 'node:fs';
import { enableCompileCache } from './compile-cache.ts';
import { createOutput, ignoreClosedPipes } from './output.ts';
import { run } from './run.ts';

const argv = process.argv.slice(2);
enableCompileCache();
ignoreClosedPipes(process);
if (argv[0] === '--version') {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  process.stdout.write(`${version}\n`);
} else {
  const output = createOutput(process, process.env, argv.includes('--no-color'));
  process.exitCode = await run({ argv, cwd: process.cwd(), env: process.env, output });
  // What goes on regardless, a step that heeds no signal say, is not waited for.
  if (output.ended) process.exit();
}
