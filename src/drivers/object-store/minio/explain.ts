import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';
import { objectNotFound } from '../object-key.ts';
import { Refusal } from './refusal.ts';
import { isFull, isNetworkError, isTransient } from './transient.ts';

/** What was being done, for messages: `writing object 'a/b'`. */
export interface Operation {
  readonly doing: string;
  readonly key?: string;
  /** The right that it takes. */
  readonly right: string;
}

/** Where it was done. */
export interface Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
}

const CHECK_ENDPOINT = 'See that it runs, and that SPINDLE_S3_ENDPOINT names it. What was acknowledged before is kept.';

/** The error to throw for one that the client or the network gave: nothing of it holds a secret. Errors of Spindle, and those of anything else, stay. */
export function explain(error: unknown, operation: Operation, place: Place): unknown {
  if (isSpindleError(error)) return error;
  if (error instanceof Refusal) return explainRefusal(error, operation, place);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const store = `The object store at ${place.endpoint}`;
  const while_ = `(${describe(operation, place)})`;
  if (isNetworkError(error)) {
    const message = `${store} does not answer: ${reasonOf(error)} ${while_}.`;
    return new SpindleError('LAKE_UNREACHABLE', message, { transient: true, remedy: CHECK_ENDPOINT, cause: error });
  }
  if (/CERT|SIGNATURE|SSL|TLS|EPROTO/.test(error.code)) {
    return new SpindleError('LAKE_UNREACHABLE', `No encrypted connection to ${place.endpoint} can be made: ${error.message} ${while_}.`, {
      field: 'SPINDLE_S3_CA',
      remedy: 'Name the certificate of its authority in SPINDLE_S3_CA, or correct SPINDLE_S3_ENDPOINT: http:// where it speaks no TLS.',
      cause: error,
    });
  }
  if (error.code.startsWith('HPE_')) return noS3(error, error.message, { operation, place });
  return error;
}

/** `connect ECONNREFUSED 127.0.0.1:9000`; Node leaves the text of an error for several addresses empty. */
function reasonOf(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return error.message || (first instanceof Error ? first.message : error.name);
}

function describe({ doing, key }: Operation, { bucket }: Place): string {
  return key === undefined ? `${doing} of the bucket "${bucket}"` : `${doing} object '${key}' in the bucket "${bucket}"`;
}

function noS3(cause: Error, reason: string, { operation, place }: { readonly operation: Operation; readonly place: Place }): SpindleError {
  return new SpindleError(
    'LAKE_UNREACHABLE',
    `What answers at ${place.endpoint} is no object store: ${reason} (${describe(operation, place)}).`,
    { field: 'SPINDLE_S3_ENDPOINT', remedy: 'Correct SPINDLE_S3_ENDPOINT: MinIO answers on another port than its console.', cause },
  );
}

function explainRefusal(refusal: Refusal, operation: Operation, place: Place): SpindleError {
  const { status, code, message, serverTime, at } = refusal;
  const what = describe(operation, place);
  const said = `${status}${code === '' ? '' : ` ${code}`}: ${message.replace(/\.$/, '')}`;
  const refused = (text: string, remedy: string, field?: string) =>
    new SpindleError('LAKE_REFUSED', `${text} (${what}; ${said}).`, { remedy, ...(field !== undefined && { field }), cause: refusal });

  const minutes = Math.round(Math.abs(serverTime - at) / 60_000);
  if (/RequestTimeTooSkewed|RequestExpired/.test(code) || (status === 403 && minutes >= 15)) {
    const apart = minutes > 0 ? ` by ${minutes} min` : '';
    const message = `The clocks of this machine and of the object store at ${place.endpoint} differ${apart}, too much for a signed request (${what}; ${said}).`;
    return new SpindleError('CLOCK_SKEW', message, { remedy: "Set this machine's clock, or the server's.", cause: refusal });
  }
  if (isFull(refusal)) {
    return new SpindleError('LAKE_FULL', `The object store at ${place.endpoint} has no room left (${what}; ${said}).`, {
      remedy: 'Make room, or raise the quota, and run the same command again: what was acknowledged before is kept.',
      cause: refusal,
    });
  }
  switch (code) {
    case 'NoSuchBucket':
      return new SpindleError('BUCKET_MISSING', `There is no bucket "${place.bucket}" at ${place.endpoint} (${what}).`, {
        field: 'SPINDLE_S3_BUCKET',
        remedy: 'Make it: spindle lake init. Or correct SPINDLE_S3_BUCKET.',
        cause: refusal,
      });
    case 'NoSuchKey':
      return objectNotFound(operation.key ?? '');
    case 'InvalidAccessKeyId':
      return refused(
        `The object store at ${place.endpoint} does not know the access key`,
        'Correct SPINDLE_S3_ACCESS_KEY.',
        'SPINDLE_S3_ACCESS_KEY',
      );
    case 'SignatureDoesNotMatch':
      return refused(
        `The secret key is not that of the access key, says the object store at ${place.endpoint}`,
        'Correct SPINDLE_S3_SECRET_KEY.',
        'SPINDLE_S3_SECRET_KEY',
      );
    case 'AuthorizationHeaderMalformed':
    case 'InvalidRegion':
    case 'IllegalLocationConstraintException':
    case 'PermanentRedirect': {
      const right = refusal.region === undefined ? 'the right one' : `"${refusal.region}"`;
      return refused(
        `The object store at ${place.endpoint} is not in the region "${place.region}"`,
        `Set SPINDLE_S3_REGION to ${right}.`,
        'SPINDLE_S3_REGION',
      );
    }
    case 'ObjectParentIsFile':
    case 'ExistingObjectIsDirectory':
    case 'XMinioParentIsObject':
    case 'XMinioObjectExistsAsDirectory':
      return new SpindleError(
        'VALUE_INVALID',
        `object '${operation.key}' cannot be kept by this object store: the same path is both an object and a folder of objects (${said})`,
        { remedy: 'Give one of the two another key.', cause: refusal },
      );
  }
  if (isTransient(refusal)) {
    return new SpindleError('LAKE_UNREACHABLE', `The object store at ${place.endpoint} is busy or broken (${what}; ${said}).`, {
      transient: true,
      remedy: 'Run the same command again; where it stays like this, look into the log of the object store.',
      cause: refusal,
    });
  }
  if (status === 403 || status === 401) return refused('This user may not do that', `Give the user the right ${operation.right}.`);
  if (code === '') return noS3(refusal, said, { operation, place });
  return refused(`The object store at ${place.endpoint} refuses`, 'Do what it says, or look into its log.');
}
