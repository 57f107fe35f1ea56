import type { Claim, PruneOptions, RunStore } from '../../runtime/resource/run-store.ts';
import type { Faults } from '../../runtime/resource/faults.ts';
import { SpindleError } from '../../runtime/errors.ts';
import { holderOf } from '../../runtime/run/holder.ts';
import { claimNames, createClaims } from './postgres/claims.ts';
import { endDeadRuns } from './postgres/ended.ts';
import { prune } from './postgres/prune.ts';
import { readEvents, readPlace, readRuns, readState } from './postgres/read.ts';
import { Session } from './postgres/session.ts';
import { transaction } from './postgres/transaction.ts';
import { createWriter } from './postgres/writer.ts';

export interface PostgresRunStoreOptions {
  /** `postgresql://user:password@host:port/database`; its `sslmode` says how the connection is encrypted. A connection is the session's own: no pooler that shares it between transactions. */
  readonly url: string;
  /** The database's schema that all is kept in, made where missing: projects of different schemas know nothing of each other. */
  readonly schema: string;
  readonly faults: Faults;
  /** Milliseconds that a run is kept after its end, but for the newest ones; whoever wrote to the store forgets older ones when it closes. Without it all are kept. */
  readonly keep?: number;
}

/** Runs that are kept whatever their age. */
const NEWEST_RUNS = 100;

/**
 * The event log in a Postgres database, with run summaries and recorded state folded in the transaction of each append. Any number of processes of any number of
 * hosts may write to it, also to one run.
 *
 * A process lives as long as it holds a lock of the server's under its identity, which every store takes over its one connection when it opens. Where
 * that connection is lost, it is made anew and the lock taken again before anything else is read or written; what was going on is done again, and a
 * commit whose answer was lost is never done twice. Claims that were given to another process meanwhile are lost: their run gets no further claim
 * (RUN_STORE_UNREACHABLE, transient) until it gave them back. A database that cannot be reached for 30 seconds is RUN_STORE_UNREACHABLE, when it is
 * opened at once; then each call tries again.
 */
export async function openPostgresRunStore({
  url,
  schema,
  faults,
  keep,
}: PostgresRunStoreOptions): Promise<RunStore & { close(): Promise<void> }> {
  const claims = createClaims();
  const session = await Session.open({ url, schema, restored: claims.restore });
  const writer = createWriter(session);
  const forget = (options: PruneOptions) => transaction(session, ['prune'], (client) => prune(client, options));
  let appended = false;

  try {
    await transaction(session, [], endDeadRuns);
  } catch (error) {
    await session.close();
    throw error;
  }

  return {
    async append(events) {
      const [first] = events;
      if (first === undefined) return;
      faults('record.before-append');
      await writer.append(holderOf(first), events);
      appended = true;
      faults('record.after-append');
    },
    events: (filter) => session.run((client) => readEvents(client, filter)),
    runs: (options = {}) => session.run((client) => readRuns(client, options)),
    state: (assets) => session.run((client) => readState(client, assets)),
    recorded: (asset, partition = '') => session.run((client) => readPlace(client, asset, partition)),
    async claim(claim) {
      const answer = await writer.write({
        holder: claim.run,
        names: claimNames(claim),
        apply: (client) => claims.take(client, claim),
      });
      if (answer.kind === 'standing') return answer.claim;
      if (answer.kind === 'lost') throw lostClaim(answer.claim);
      if (claims.keep(claim, answer.connection)) return undefined;
      await session.run(claims.restore);
      const lost = claims.lostBy(claim.run);
      if (lost !== undefined) throw lostClaim(lost);
      return undefined;
    },
    release: (run, claim) => writer.write({ holder: run, names: [], apply: (client) => claims.release(client, run, claim) }),
    prune: forget,
    async close() {
      try {
        await writer.settle();
        if (appended && keep !== undefined && session.connected)
          await forget({ before: new Date(Date.now() - keep).toISOString(), newest: NEWEST_RUNS });
      } finally {
        await session.close();
      }
    },
  };
}

function lostClaim({ run, name, part }: Claim): SpindleError {
  return new SpindleError(
    'RUN_STORE_UNREACHABLE',
    `the connection to the run store was lost for a while, and run ${run} lost its claim of ${part === '' ? name : `${name} (${part})`} meanwhile`,
    { remedy: 'Run it again once what it has in work has ended.', transient: true },
  );
}
