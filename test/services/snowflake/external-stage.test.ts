import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestFramework } from '../../../src/testing/contract/test-framework.ts';
import { emptiedContract } from '../../../src/testing/contract/warehouse/emptied.ts';
import type { OpenWarehouse } from '../../../src/testing/contract/warehouse/fixture.ts';
import { loadContract } from '../../../src/testing/contract/warehouse/load.ts';
import { replayContract } from '../../../src/testing/contract/warehouse/replay.ts';
import { startS3, type S3Server } from '../s3/server.ts';
import { startEmulator, type Emulator } from './server.ts';
import { openStagedLake } from './staged-lake.ts';

/** What a replay resolves is the same statements however its records came: contract.test.ts has all of these tests. */
const REPLAYS: ReadonlySet<string> = new Set([
  'turns them into rows, and leaves the others',
  'holds each record once, as a row or as a dead letter, after a failure at load.before-commit and another load',
  'resolves them again by a full refresh, which flags them again, in one transaction',
  'resolves them again where the object that carried them is loaded again with another content',
]);

describe('loads by an external stage of Snowflake, by its emulator and versitygw', () => {
  let emulator: Emulator;
  let server: S3Server;
  beforeAll(async () => ([emulator, server] = await Promise.all([startEmulator(), startS3()])));
  afterAll(() => Promise.all([emulator.stop(), server.stop()]));

  const open: OpenWarehouse = async (faults) => {
    const { warehouse, lake, close } = await openStagedLake(emulator, server, { faults, prefix: 'deep/in it' });
    return { value: warehouse, lake, close };
  };
  const framework: TestFramework = { describe, it, expect };
  loadContract(framework, open);
  emptiedContract(framework, open);
  const chosen: string[] = [];
  const choose: TestFramework['it'] = (title, test) => {
    if (!REPLAYS.has(title)) return;
    chosen.push(title);
    framework.it(title, test);
  };
  replayContract({ ...framework, it: choose }, open);

  it('has chosen among the tests of replays', () => expect(new Set(chosen)).toEqual(REPLAYS));

  it('does so without a file of its own, and without a byte of a good record on the way', async () => {
    expect((await emulator.statements()).map(({ sql }) => sql).filter((sql) => sql.startsWith('PUT '))).toEqual([]);
  });
});
