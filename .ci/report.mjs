/** Adds up the JSON reports of vitest in a folder, shows what failed, and ends with the line `N passed, N failed`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const [folder] = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).testResults);
const tests = files.flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ ...test, file: relative('.', name) })));

const passed = tests.filter(({ status }) => status === 'passed').length;
const failures = tests
  .filter(({ status }) => status === 'failed')
  .map(({ file, fullName, failureMessages }) => `${file}: ${fullName}\n${failureMessages.join('\n')}`);
// A file that does not load, or whose set-up fails, has no failed test.
for (const { name, status, message, assertionResults } of files) {
  if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed'))
    failures.push(`${relative('.', name)}\n${message}`);
}
// Nor has a command that fails before or after its tests.
const log = join(folder, 'failed');
if (failures.length === 0 && existsSync(log))
  failures.push(
    ...readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((command) => `${command} failed`),
  );
if (failures.length === 0 && passed === 0) failures.push('No test ran.');

for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
