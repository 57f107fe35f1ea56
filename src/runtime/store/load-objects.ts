import { isSpindleError } from '../errors.ts';
import type { LoadedFolder, LoadFile, LoadObject, TableSpec, Warehouse, WriteOutcome } from '../resource/warehouse.ts';
import { columnsOf } from '../schema/columns-of.ts';
import { DeadLetter, deadLetterTable } from '../schema/dead-letter.ts';
import type { ListedObject, ObjectsReader } from './objects-handle.ts';
import type { StoreContext } from './store.ts';

export interface LoadContext {
  readonly spec: TableSpec;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the warehouse resource is called
  readonly context: StoreContext<any>;
  readonly partitionBy: string | undefined;
}

/** Loads what is new of objects into a table, as one transaction. Where somebody empties the table meanwhile, all of it. */
export async function loadObjects(client: Warehouse, reader: ObjectsReader, load: LoadContext): Promise<WriteOutcome> {
  const { growing } = reader;
  const loaded = growing === undefined || load.context.fullRefresh ? NOTHING : await client.loadedFolders(load.spec, growing);
  try {
    return await loadBehind(client, reader, { ...load, loaded });
  } catch (error) {
    if (!isSpindleError(error) || error.code !== 'TABLE_EMPTIED') throw error;
    return loadBehind(client, reader, { ...load, loaded: NOTHING });
  }
}

const NOTHING: ReadonlyMap<string, LoadedFolder> = new Map();

async function loadBehind(
  client: Warehouse,
  reader: ObjectsReader,
  { spec, context, partitionBy, loaded }: LoadContext & { readonly loaded: ReadonlyMap<string, LoadedFolder> },
): Promise<WriteOutcome> {
  const { fullRefresh, signal } = context;
  const list = async (): Promise<Candidates> => {
    const listed: ListedObject[] = [];
    for await (const object of reader.list({ loaded, signal })) listed.push(object);
    // what lies behind the folders is not in the ledger
    const isNew = fullRefresh || reader.growing !== undefined || listed.length === 0;
    const candidates = isNew ? listed : await client.unloaded(spec, listed);
    const objects = await reader.describe(candidates, signal);
    return objects === undefined ? list() : { objects, leftOut: listed.length - candidates.length };
  };
  const { objects, leftOut } = await list();
  const deadLetters: TableSpec = {
    name: deadLetterTable(spec.name),
    columns: columnsOf(DeadLetter, { asset: spec.name }),
    key: [],
    generation: 'dead-letters-1',
  };
  const outcome = await client.load({
    table: spec,
    lake: reader.lake,
    objects,
    deadLetters,
    loadedAt: context.now().toISOString(),
    ...(partitionBy !== undefined && { touched: { column: partitionBy, unit: 'hour' } }),
    fullRefresh,
    behind: loaded.size > 0,
    signal,
    progress: context.progress,
  });
  const skipped = [...loaded.values()].reduce((sum, folder) => sum + folder.objects, leftOut);
  return { ...outcome, skippedObjects: outcome.skippedObjects + skipped };
}

interface Candidates {
  readonly objects: readonly (LoadObject | LoadFile)[];
  /** How many of the listed ones are loaded already. */
  readonly leftOut: number;
}
