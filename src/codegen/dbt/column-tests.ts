import type { Column } from '../../runtime/schema/column.ts';
import { literalArgument } from './literal-argument.ts';

/** An entry of `data_tests`: a test by its name, or with arguments. */
export type DataTest = string | Readonly<Record<string, { readonly arguments: Readonly<Record<string, unknown>> }>>;

export const dataTest = (name: string, given: Readonly<Record<string, unknown>>): DataTest => ({ [name]: { arguments: given } });

/** What the schema says of a column that its type does not: a null passes all of them but `not_null`. */
export function schemaTests(column: Column): readonly DataTest[] {
  return [...(column.nullable ? [] : ['not_null']), ...valueTests(column), ...rangeTests(column)];
}

function valueTests({ type, values }: Column): readonly DataTest[] {
  if (values === undefined || values.length === 0 || type === 'json') return [];
  // dbt writes values between quotes as they are.
  const asWritten = values.every((value) => typeof value !== 'string' || !/['\\]/.test(value));
  const texts = values.map((value) => (typeof value === 'string' ? literalArgument(value) : value));
  if (!asWritten) return [dataTest('spindle_accepted_texts', { values: texts })];
  return [dataTest('accepted_values', { values: texts, ...(values.some((value) => typeof value !== 'string') && { quote: false }) })];
}

function rangeTests({ type, minimum, maximum }: Column): readonly DataTest[] {
  if (type !== 'integer' && type !== 'number') return [];
  const bounds = {
    ...(Number.isFinite(minimum) && { minimum }),
    ...(Number.isFinite(maximum) && { maximum }),
  };
  return Object.keys(bounds).length === 0 ? [] : [dataTest('spindle_in_range', bounds)];
}
