import type { Client } from 'pg';
import type { Claim } from '../../../runtime/resource/run-store.ts';
import { hasEnded, thisProcess } from './process-lock.ts';

/** How a claim was answered: it was given, another run's stands against it, or its run lost one with the connection and has not given that back yet. */
export type ClaimAnswer =
  | { readonly kind: 'given'; readonly connection: number }
  | { readonly kind: 'standing'; readonly claim: Claim }
  | { readonly kind: 'lost'; readonly claim: Claim };

/** The claims of one open store. `take` and `release` are called inside a transaction, that of `take` holds `claimNames`. */
export interface Claims {
  take(client: Client, claim: Claim): Promise<ClaimAnswer>;
  /** Notes that the claim was given, once that is committed. False where the connection was lost on the way: `restore` tells whether it still stands. */
  keep(claim: Claim, connection: number): boolean;
  /** A claim that the run lost and has not given back yet. */
  lostBy(run: string): Claim | undefined;
  release(client: Client, run: string, claim: Pick<Claim, 'name' | 'part'> | undefined): Promise<void>;
  /** Notes which of the claims were taken away while this process held no lock; whoever calls it has the lock again, so that none is taken away any more. */
  restore(client: Client): Promise<void>;
}

export const claimNames = ({ name }: Pick<Claim, 'name'>): readonly string[] => [`claim ${name}`];

export function createClaims(): Claims {
  const self = thisProcess();
  const id = (run: string, { name, part }: Pick<Claim, 'name' | 'part'>) => JSON.stringify([run, name, part]);
  /** What this store gave to runs of this process, by run, name and part. */
  const held = new Map<string, Claim>();
  const lost = new Map<string, Claim>();
  /** How often the connection was replaced. */
  let connection = 0;
  const lostBy = (run: string) => [...lost.values()].find((claim) => claim.run === run);

  const remove = async (client: Client, { run, name, part }: Pick<Claim, 'run' | 'name' | 'part'>): Promise<void> => {
    await client.query('delete from claim where run = $1 and name = $2 and part = $3', [run, name, part]);
  };

  return {
    async take(client, claim) {
      const { name, part, whole, run, process = self } = claim;
      const missing = lostBy(run);
      if (missing !== undefined) return { kind: 'lost', claim: missing };
      const { rows } = await client.query<Required<Claim>>(
        'select name, part, run, whole, process from claim where name = $1 and run <> $2 and (whole or $3 or part = $4) order by part, run',
        [name, run, whole, part],
      );
      for (const other of rows) if (!(await hasEnded(client, other.process))) return { kind: 'standing', claim: other };
      for (const over of rows) await remove(client, over);
      await client.query(
        `insert into claim (name, part, run, whole, process) values ($1, $2, $3, $4, $5)
         on conflict (name, part, run) do update set whole = excluded.whole, process = excluded.process`,
        [name, part, run, whole, process],
      );
      return { kind: 'given', connection };
    },
    keep(claim, given) {
      if (claim.process === undefined || claim.process === self) held.set(id(claim.run, claim), claim);
      return given === connection;
    },
    lostBy,
    async release(client, run, claim) {
      if (claim === undefined) await client.query('delete from claim where run = $1', [run]);
      else await remove(client, { run, ...claim });
      for (const claims of [held, lost]) {
        for (const [key, one] of claims) if (one.run === run && (claim === undefined || key === id(run, claim))) claims.delete(key);
      }
    },
    async restore(client) {
      connection += 1;
      const { rows } = await client.query<Claim>('select run, name, part from claim where process = $1', [self]);
      const standing = new Set(rows.map((one) => id(one.run, one)));
      for (const [key, claim] of held) {
        if (standing.has(key)) continue;
        held.delete(key);
        lost.set(key, claim);
      }
    },
  };
}
