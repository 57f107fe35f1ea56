import type { SliceFilter } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';

/** The condition that rows of all these slices meet; a date counts as its midnight in UTC. */
export function sliceCondition(slices: readonly SliceFilter[] = []): string {
  return slices.length === 0 ? 'TRUE' : slices.map(oneCondition).join(' AND ');
}

function oneCondition(slice: SliceFilter): string {
  const column = quoteIdentifier(slice.column, 'snowflake');
  switch (slice.kind) {
    case 'ranges': {
      const at = `${column}::TIMESTAMP_NTZ`;
      const ranges = slice.ranges.map(({ from, to }) => `(${at} >= ${instant(from)} AND ${at} < ${instant(to)})`);
      return ranges.length === 0 ? 'FALSE' : `(${ranges.join(' OR ')})`;
    }
    case 'values': {
      const values = slice.values.map((value) => quoteLiteral(value, 'snowflake'));
      return values.length === 0 ? 'FALSE' : `${column}::VARCHAR IN (${values.join(', ')})`;
    }
  }
}

const instant = (milliseconds: number): string => `'${new Date(milliseconds).toISOString().slice(0, -1)}'::TIMESTAMP_NTZ`;
