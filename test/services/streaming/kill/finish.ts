import { account, type Account } from './account.ts';
import { LANDERS, type Crew, type CrewEnd, type Role } from './crew.ts';
import { isLanded, topicEnds } from './ends.ts';
import type { Rig } from './rig.ts';

/** Milliseconds in which everything that was produced has to be landed, once the strikes are over. */
const PATIENCE = 120_000;

/** Waits until the producer came to its end and all is landed, ends the landers in order, and counts. */
export async function finish(
  { rig, crew }: { readonly rig: Rig; readonly crew: Crew },
  landers: readonly Role[] = LANDERS,
): Promise<{ readonly counted: Account; readonly ends: readonly CrewEnd[] }> {
  await crew.until('all is produced', () => crew.isProduced, PATIENCE);
  const tops = await topicEnds(rig);
  await crew.until('all is landed', () => isLanded(rig, tops), PATIENCE);
  const ends = await Promise.all(landers.map((role) => crew.end(role)));
  return { counted: await account(rig), ends };
}
