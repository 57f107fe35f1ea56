import { SpindleError } from '../errors.ts';

/** What a function returned for a store that takes rows; ROWS_INVALID where it is nothing that has any, so that a forgotten `return` is told as that. */
export function returnedRows<R>(value: R, asset: string): R {
  if (typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)) return value;
  const what = value === undefined ? 'nothing' : 'something that is no list of rows';
  throw new SpindleError('ROWS_INVALID', `${asset} returned ${what}, and its store takes rows.`, {
    asset,
    remedy: 'Have the function return rows: a list, an iterable or a generator.',
  });
}
