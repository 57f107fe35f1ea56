import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openMinioStore, type MinioStore } from '../../../src/drivers/object-store/minio.ts';
import { openSnowflakeWarehouse, type SnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { externalStage, type ExternalStage } from '../../../src/drivers/warehouse/snowflake/external-stage.ts';
import { Sessions } from '../../../src/drivers/warehouse/snowflake/sessions.ts';
import type { SnowflakeSettings } from '../../../src/drivers/warehouse/snowflake/settings.ts';
import { quoteLiteral } from '../../../src/runtime/schema/quote.ts';
import type { Faults } from '../../../src/runtime/resource/faults.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { optionsFor } from '../s3/open.ts';
import type { S3Server } from '../s3/server.ts';
import { createDatabase, settingsFor } from './open.ts';
import type { Emulator } from './server.ts';

export interface StagedLakeOptions {
  readonly faults?: Faults;
  /** What Snowflake asks in place of the server, which the lake asks. */
  readonly endpoint?: string;
  /** The folder of the bucket that the lake lies in. */
  readonly prefix?: string;
  /** The folder that the stage lies over, where it is another one. */
  readonly stagePrefix?: string;
}

export interface StagedLake {
  readonly warehouse: SnowflakeWarehouse;
  readonly lake: MinioStore;
  readonly lakeOptions: ReturnType<typeof optionsFor>;
  readonly settings: SnowflakeSettings;
  readonly stage: ExternalStage | undefined;
  close(): Promise<void>;
}

/** A warehouse in a database of its own, a lake in a bucket of its own, and an external stage over it that the warehouse loads by. */
export async function openStagedLake(emulator: Emulator, server: S3Server, options: StagedLakeOptions = {}): Promise<StagedLake> {
  const { faults, endpoint = server.endpoint, prefix = '', stagePrefix = prefix } = options;
  const lakeOptions = optionsFor(server, { prefix });
  const lake = await openMinioStore(lakeOptions);
  await lake.bucket.create();
  const database = `X${randomUUID().slice(0, 8).toUpperCase()}`;
  await createDatabase(emulator, database);
  const settings = settingsFor(emulator, database);
  const url = `s3compat://${lakeOptions.bucket}/${stagePrefix === '' ? '' : `${stagePrefix}/`}`;
  const sessions = new Sessions(settings, 'test');
  await sessions.use((session) =>
    session.run(
      `CREATE STAGE "PUBLIC"."LAKE" URL = ${quoteLiteral(url, 'snowflake')} ENDPOINT = '${new URL(endpoint).host}' CREDENTIALS = (AWS_KEY_ID = '${server.accessKey}' AWS_SECRET_KEY = '${server.secretKey}')`,
    ),
  );
  await sessions.close();
  const stage = externalStage({ SPINDLE_SNOWFLAKE_STAGE: 'public.lake' }, undefined, database);
  const warehouse = await openSnowflakeWarehouse({
    settings,
    stage,
    directory: join(await temporaryFolder(), 'stage'),
    ...(faults !== undefined && { faults }),
  });
  const close = async () => {
    await warehouse.close();
    await lake.close();
  };
  return { warehouse, lake, lakeOptions, settings, stage, close };
}
