import { noFaults, type Faults } from '../../runtime/resource/faults.ts';
import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import { createQueue } from '../disk/queue.ts';
import { ensureColumns } from './snowflake/ensure.ts';
import type { ExternalStage } from './snowflake/external-stage.ts';
import { currentState } from './snowflake/in-turn.ts';
import { writeGeneration } from './snowflake/ledger.ts';
import { loadTable } from './snowflake/load.ts';
import { queryTag } from './snowflake/query-tag.ts';
import { createReads } from './snowflake/read.ts';
import { Sessions } from './snowflake/sessions.ts';
import type { SessionSettings } from './snowflake/session-settings.ts';
import type { SnowflakeSettings } from './snowflake/settings.ts';
import { createSetUp } from './snowflake/set-up.ts';
import { writeTable } from './snowflake/write.ts';
import { openStaging } from './staging.ts';

export interface SnowflakeWarehouseOptions {
  readonly settings: SnowflakeSettings & SessionSettings;
  /** Over the bucket and the folder of the lake whose objects are loaded; they go by the internal stage unless given. */
  readonly stage?: ExternalStage | undefined;
  /** A folder for files on their way to the stage. */
  readonly directory: string;
  readonly faults?: Faults;
}

export interface SnowflakeWarehouse extends Warehouse {
  /** Ends the sessions; the warehouse is not used after. */
  close(): Promise<void>;
}

/** A warehouse in a database of Snowflake. No connection is opened before something is asked. */
export async function openSnowflakeWarehouse({
  settings,
  stage,
  directory,
  faults = noFaults,
}: SnowflakeWarehouseOptions): Promise<SnowflakeWarehouse> {
  const sessions = new Sessions(settings, queryTag({}));
  const staging = await openStaging(directory);
  const borrowers = createQueue();
  const setUp = createSetUp(settings, stage, sessions);
  const over = (own: Sessions): Warehouse => ({
    dialect: 'snowflake',
    ...createReads(own),
    ensureTable: (table) =>
      own.write(async (session) => {
        await currentState(session, table.name, table.generation);
        // One with the same columns keeps its generation: its code changed, which a replace makes good, and an append, a merge or a load refuses.
        const growing = () => writeGeneration(session, table.name, table.generation);
        if ((await ensureColumns(session, table, { growing })) === 'created') await growing();
      }),
    write: (write) => writeTable(own, staging, write),
    load: (load) => loadTable({ sessions: own, staging, faults, stage }, load),
    lend: (_borrower, use) => borrowers(() => use({ dialect: 'snowflake', connection: settings })),
    setUp,
    onBehalfOf: (origin) => over(own.tagged(queryTag(origin))),
  });
  return { ...over(sessions), close: () => sessions.close() };
}
