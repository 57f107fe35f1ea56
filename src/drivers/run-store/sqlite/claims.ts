import type { Database } from 'libsql';
import type { Claim } from '../../../runtime/resource/run-store.ts';
import { currentProcess, formatIdentity, hasEnded, parseIdentity } from '../../disk/process-identity.ts';

/** The statements of the claims; whoever calls `take` or `removeEnded` holds a transaction. */
export interface Claims {
  /** Gives the claim, or names the one against it. Claims of processes that ended are removed on the way. */
  take(claim: Claim): Claim | undefined;
  /** Removes the claims of all processes that ended. */
  removeEnded(): void;
  release(run: string, claim: Pick<Claim, 'name' | 'part'> | undefined): void;
}

interface ClaimRow {
  readonly name: string;
  readonly part: string;
  readonly run: string;
  readonly whole: number;
  readonly process: string;
}

export function createClaims(database: Database): Claims {
  const self = formatIdentity(currentProcess());
  const against = database.prepare('select * from claim where name = ? and run <> ? and (whole or ? or part = ?)');
  const insert = database.prepare('insert or replace into claim (name, part, run, whole, process) values (?, ?, ?, ?, ?)');
  const remove = database.prepare('delete from claim where run = ? and name = ? and part = ?');
  const removeAll = database.prepare('delete from claim where run = ?');

  const isOver = ({ process }: ClaimRow): boolean => {
    const owner = process === self ? undefined : parseIdentity(process);
    return owner !== undefined && hasEnded(owner);
  };

  return {
    take({ name, part, whole, run, process = self }) {
      const others = against.all([name, run, whole ? 1 : 0, part]) as readonly ClaimRow[];
      const standing = others.find((other) => !isOver(other));
      if (standing !== undefined) return { ...standing, whole: standing.whole === 1 };
      for (const over of others) remove.run([over.run, over.name, over.part]);
      insert.run([name, part, run, whole ? 1 : 0, process]);
      return undefined;
    },
    removeEnded() {
      for (const claim of database.prepare('select * from claim').all([]) as readonly ClaimRow[])
        if (isOver(claim)) remove.run([claim.run, claim.name, claim.part]);
    },
    release(run, claim) {
      if (claim === undefined) removeAll.run([run]);
      else remove.run([run, claim.name, claim.part]);
    },
  };
}
