import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptiedContract } from '../../../src/testing/contract/warehouse/emptied.ts';
import type { OpenWarehouse } from '../../../src/testing/contract/warehouse/fixture.ts';
import { loadContract } from '../../../src/testing/contract/warehouse/load.ts';
import { replayContract } from '../../../src/testing/contract/warehouse/replay.ts';
import { startS3, type S3Server } from '../s3/server.ts';
import { startEmulator, type Emulator } from './server.ts';
import { openStagedLake } from './staged-lake.ts';

describe('loads by an external stage of Snowflake, by its emulator and versitygw', () => {
  let emulator: Emulator;
  let server: S3Server;
  beforeAll(async () => ([emulator, server] = await Promise.all([startEmulator(), startS3()])));
  afterAll(() => Promise.all([emulator.stop(), server.stop()]));

  const open: OpenWarehouse = async (faults) => {
    const { warehouse, lake, close } = await openStagedLake(emulator, server, { faults, prefix: 'deep/in it' });
    return { value: warehouse, lake, close };
  };
  loadContract({ describe, it, expect }, open);
  emptiedContract({ describe, it, expect }, open);
  replayContract({ describe, it, expect }, open);

  it('puts no file anywhere', async () => {
    expect((await emulator.statements()).map(({ sql }) => sql).filter((sql) => sql.startsWith('PUT '))).toEqual([]);
  });
});
