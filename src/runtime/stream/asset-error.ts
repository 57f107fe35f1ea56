import { isSpindleError, SpindleError } from '../errors.ts';
import { recordedError } from '../run/recorded-error.ts';

/** What keeps an asset from going on, as an error with a code: what is not Spindle's own came from the asset's function. */
export function assetError(error: unknown, asset: string): SpindleError {
  if (isSpindleError(error)) return error;
  const { code, message, remedy, transient } = recordedError(error, asset);
  return new SpindleError(code, message, { asset, transient, cause: error, ...(remedy !== undefined && { remedy }) });
}
