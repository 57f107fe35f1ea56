/** Every code an error of Spindle can carry: stable, documented in docs/errors.md, and what callers switch on. */
export const ERROR_CODES = [
  // declaring and loading
  'PROJECT_NOT_FOUND',
  'PROJECT_INVALID',
  'PROJECT_BUILD_FAILED',
  'DEPENDENCY_NOT_INSTALLED',
  'GRAPH_INVALID',
  'SCHEMA_UNMAPPABLE',
  'DURATION_INVALID',
  'CRON_INVALID',
  // choosing
  'ASSET_UNKNOWN',
  'SELECTION_SYNTAX',
  'SELECTION_UNKNOWN',
  'SELECTION_EMPTY',
  'JOB_UNKNOWN',
  'ENVIRONMENT_UNKNOWN',
  'PARTITION_UNKNOWN',
  'PARTITION_UNSUPPORTED',
  'RUN_UNKNOWN',
  'TABLE_UNKNOWN',
  'DEAD_LETTER_UNKNOWN',
  'USAGE',
  // configuration and resources
  'CONFIG_INVALID',
  'VARIABLES_INVALID',
  'RESOURCE_MISSING',
  'PYTHON_NOT_FOUND',
  'PYTHON_SETUP_FAILED',
  // data
  'ROWS_INVALID',
  'VALUE_INVALID',
  'LOAD_COUNT_MISMATCH',
  'REPLAY_MISMATCH',
  'OBJECT_UNREADABLE',
  'OBJECT_NOT_FOUND',
  'TABLE_NEEDS_REBUILD',
  'TABLE_EMPTIED',
  'QUERY_FAILED',
  'TOPIC_UNKNOWN',
  'TOPIC_MISMATCH',
  'TOPIC_RECREATED',
  'SCHEMA_BREAKING',
  'RECORD_TOO_LARGE',
  'PRODUCER_FENCED',
  'OFFSET_OUT_OF_RANGE',
  // running
  'ASSET_FAILED',
  'COMMAND_FAILED',
  'STEP_TIMEOUT',
  'CANCELED',
  'DBT_FAILED',
  'DBT_MODEL_FAILED',
  'UPSTREAM_MISSING',
  'EARLIER_TRY_FAILED',
  // exporting
  'EXPORT_INVALID',
  'EXPORT_LOSSY',
  'GENERATED_FILE_EDITED',
  // stores that cannot be reached, that another process holds, or that are full or damaged
  'WAREHOUSE_LOCKED',
  'WAREHOUSE_UNREACHABLE',
  'WAREHOUSE_REFUSED',
  'BROKER_LOCKED',
  'BROKER_UNREACHABLE',
  'BROKER_REFUSED',
  'LAKE_UNREACHABLE',
  'LAKE_REFUSED',
  'BUCKET_MISSING',
  'CLOCK_SKEW',
  'LAKE_FULL',
  'DISK_FULL',
  'STORE_CORRUPT',
  'RUN_STORE_VERSION',
  'RUN_STORE_UNREACHABLE',
  'DAEMON_RUNNING',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Where an error belongs. */
export interface ErrorPlace {
  readonly asset?: string;
  readonly partition?: string;
  /** A column, a config field, an environment variable or an option. */
  readonly field?: string;
}

export interface SpindleErrorOptions extends ErrorPlace {
  /** What the reader should do now, as a sentence. */
  readonly remedy?: string;
  /** True where the same call may succeed later: the only input to retries. */
  readonly transient?: boolean;
  readonly cause?: unknown;
  /** The single problems, where several are reported at once. */
  readonly issues?: readonly string[];
}

/** The one error class. Callers recognize it by `code` (see {@link isSpindleError}), never by instanceof: two copies of the package may meet in one process. */
export class SpindleError extends Error {
  override readonly name = 'SpindleError';
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  readonly remedy: string | undefined;
  readonly transient: boolean;
  readonly issues: readonly string[];

  constructor(code: ErrorCode, message: string, options: SpindleErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    const { asset, partition, field } = options;
    this.place = {
      ...(asset !== undefined && { asset }),
      ...(partition !== undefined && { partition }),
      ...(field !== undefined && { field }),
    };
    this.remedy = options.remedy;
    this.transient = options.transient ?? false;
    this.issues = options.issues ?? [];
  }
}

const codes: ReadonlySet<unknown> = new Set(ERROR_CODES);

export function isSpindleError(error: unknown): error is SpindleError {
  return error instanceof Error && 'code' in error && codes.has(error.code) && 'place' in error;
}
