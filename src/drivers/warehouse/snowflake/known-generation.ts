import type { TableSpec } from '../../../runtime/resource/warehouse.ts';
import { assertGeneration } from '../table-errors.ts';
import type { Ensured } from './ensure.ts';
import { readState, type TableState } from './ledger.ts';
import type { Session } from './session.ts';

/** {@link assertGeneration} of a table that has just been looked at. Who gives it columns writes its generation first: one that had them already may have it since `state` was read. */
export async function assertKnownGeneration(
  session: Session,
  table: TableSpec,
  { state, made }: { readonly state: TableState; readonly made: Ensured },
): Promise<void> {
  const { generation, digest } = made === 'same' && state.generation !== table.generation ? await readState(session, table.name) : state;
  assertGeneration(table, { generation, rows: digest.rows }, made === 'altered');
}
