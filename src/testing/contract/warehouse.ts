import type { TestFramework } from './test-framework.ts';
import type { OpenWarehouse } from './warehouse/fixture.ts';
import { loadContract } from './warehouse/load.ts';
import { readContract } from './warehouse/read.ts';
import { replayContract } from './warehouse/replay.ts';
import { writeContract } from './warehouse/write.ts';

/** What every warehouse does, whatever is behind it. `open` gives an empty one, and a lake whose objects it can load. */
export function warehouseContract(framework: TestFramework, { open }: { readonly open: OpenWarehouse }): void {
  writeContract(framework, open);
  loadContract(framework, open);
  replayContract(framework, open);
  readContract(framework, open);
}
