import type { TestFramework } from './test-framework.ts';
import { emptiedContract } from './warehouse/emptied.ts';
import { filesContract } from './warehouse/files.ts';
import type { OpenWarehouse } from './warehouse/fixture.ts';
import { loadContract } from './warehouse/load.ts';
import { loadedFoldersContract } from './warehouse/loaded-folders.ts';
import { readContract } from './warehouse/read.ts';
import { replayContract } from './warehouse/replay.ts';
import { writeContract } from './warehouse/write.ts';

export interface WarehouseUnderTest {
  /** Gives an empty one, and a lake whose objects it can load. */
  readonly open: OpenWarehouse;
  /** False where the SQL of `query` changes copies of the tables only, so that nobody else can delete their rows; true unless given. */
  readonly writesBySql?: boolean;
}

/** What every warehouse does, whatever is behind it. */
export function warehouseContract(framework: TestFramework, { open, writesBySql = true }: WarehouseUnderTest): void {
  writeContract(framework, open);
  loadContract(framework, open);
  loadedFoldersContract(framework, open);
  filesContract(framework, open, { writesBySql });
  if (writesBySql) emptiedContract(framework, open);
  replayContract(framework, open);
  readContract(framework, open);
}
