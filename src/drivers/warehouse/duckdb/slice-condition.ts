import type { SliceFilter } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';

/** The condition that rows of all these slices meet; a date counts as its midnight in UTC. */
export function sliceCondition(slices: readonly SliceFilter[] = []): string {
  return slices.length === 0 ? 'TRUE' : slices.map(oneCondition).join(' AND ');
}

function oneCondition(slice: SliceFilter): string {
  const column = quoteIdentifier(slice.column, 'duckdb');
  switch (slice.kind) {
    case 'ranges': {
      const at = `CAST(${column} AS TIMESTAMP)`;
      const ranges = slice.ranges.map(({ from, to }) => `(${at} >= ${instant(from)} AND ${at} < ${instant(to)})`);
      return ranges.length === 0 ? 'FALSE' : `(${ranges.join(' OR ')})`;
    }
    case 'values': {
      const values = slice.values.map((value) => quoteLiteral(value, 'duckdb'));
      return values.length === 0 ? 'FALSE' : `CAST(${column} AS VARCHAR) IN (${values.join(', ')})`;
    }
  }
}

function instant(milliseconds: number): string {
  return `make_timestamp(${BigInt(milliseconds) * 1000n})`;
}
