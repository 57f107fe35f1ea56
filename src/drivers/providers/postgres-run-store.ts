import { z } from 'zod';
import { parseDuration, type Duration } from '../../runtime/declare/duration.ts';
import type { Provider } from '../../runtime/resource/resource.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';

export interface PostgresRunStoreProviderOptions {
  /** How long the events of a run are kept after its end, `90d` unless given. The newest 100 runs are kept whatever their age, and the state of assets always. */
  readonly keep?: Duration | 'forever';
  /** The database's schema that it is kept in where SPINDLE_POSTGRES_SCHEMA names none: `spindle` unless given. Projects that share a database have one each. */
  readonly schema?: string;
}

/** The run store in a Postgres database, for processes on any number of hosts. Needs the package `pg`. */
export function postgresRunStore({ keep = '90d', schema = 'spindle' }: PostgresRunStoreProviderOptions = {}): Provider<
  RunStore & { close(): Promise<void> }
> {
  const age = keep === 'forever' ? undefined : parseDuration(keep);
  return {
    variables: z.object({
      SPINDLE_POSTGRES_URL: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'does not begin with postgresql://')
        .meta({ description: 'the database, as postgresql://user:password@host:port/database?sslmode=verify-full', secret: true }),
      SPINDLE_POSTGRES_SCHEMA: z.string().max(63, 'is longer than 63 characters').optional(),
    }),
    async open({ variables, faults }) {
      const { openPostgresRunStore } = await import('../run-store/postgres.ts');
      return openPostgresRunStore({
        url: variables['SPINDLE_POSTGRES_URL'] as string,
        schema: (variables['SPINDLE_POSTGRES_SCHEMA'] as string | undefined) ?? schema,
        faults,
        ...(age !== undefined && { keep: age }),
      });
    },
    close: (store) => store.close(),
  };
}
