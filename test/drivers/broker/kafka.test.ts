import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundledChild } from '../bundled-child.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const file = bundledChild(new URL('kafka/opening-child.ts', import.meta.url));
const say = (child: string, ...args: readonly string[]) =>
  JSON.parse(execFileSync(process.execPath, [child, ...args], { encoding: 'utf8' })) as unknown;

describe('the Kafka broker', () => {
  it('names the command that installs its client where that is not installed', async () => {
    const elsewhere = join(await temporaryFolder(), 'child.mjs');
    await copyFile(file, elsewhere);
    expect(say(elsewhere)).toEqual({
      code: 'DEPENDENCY_NOT_INSTALLED',
      message: '"kafkajs" 2.2, which the Kafka broker needs, is not installed.',
      remedy: 'Run: npm install kafkajs@~2.2.4',
    });
    expect(say(file)).toMatchObject({ code: 'BROKER_UNREACHABLE' });
  });

  it.each([
    ['lz4', 'lz4-napi'],
    ['snappy', 'snappy'],
  ])('names the package that compresses with %s where that is not installed', async (compression, name) => {
    const elsewhere = join(await temporaryFolder(), 'child.mjs');
    await copyFile(file, elsewhere);
    await mkdir(join(dirname(elsewhere), 'node_modules'));
    await symlink(
      fileURLToPath(new URL('../../../node_modules/kafkajs', import.meta.url)),
      join(dirname(elsewhere), 'node_modules/kafkajs'),
    );
    expect(say(elsewhere, compression)).toEqual({
      code: 'DEPENDENCY_NOT_INSTALLED',
      message: `kafka({ compression: '${compression}' }) compresses with ${compression}, for which "${name}" is needed, and it is not installed.`,
      remedy: `Run: npm install ${name}`,
    });
    expect(say(file, compression)).toMatchObject({ code: 'BROKER_UNREACHABLE' });
  });
});
