/** A member as the one that divides sees it. */
export interface Claimant {
  readonly id: string;
  readonly topics: readonly string[];
  /** By topic, what it has now. */
  readonly owned: Readonly<Record<string, readonly number[]>>;
}

export type Division = ReadonlyMap<string, Readonly<Record<string, readonly number[]>>>;

/**
 * Divides the partitions of each topic among the members that want the topic: as evenly as they go, and so that each keeps what it has as far as that is
 * its share. The same members give the same division, in whatever order they come.
 */
export function dividePartitions(members: readonly Claimant[], partitionsOf: ReadonlyMap<string, number>): Division {
  const division = new Map<string, Record<string, readonly number[]>>(members.map(({ id }) => [id, {}]));
  const inOrder = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const [topic, partitions] of partitionsOf) {
    const claimants = inOrder.filter(({ topics }) => topics.includes(topic));
    for (const [id, mine] of divideTopic(claimants, topic, partitions)) division.set(id, { ...division.get(id), [topic]: mine });
  }
  return division;
}

function divideTopic(claimants: readonly Claimant[], topic: string, partitions: number): ReadonlyMap<string, readonly number[]> {
  const free = new Set(Array.from({ length: partitions }, (_, partition) => partition));
  const least = Math.floor(partitions / claimants.length);
  /** Members that may have one more than the others. */
  let larger = partitions % claimants.length;
  const kept = claimants.map(({ id, owned }) => {
    // two may claim the same: one of them has not heard of an earlier division
    const still = (owned[topic] ?? []).filter((partition) => free.has(partition));
    const share = still.length > least && larger > 0 ? least + 1 : least;
    if (share > least) larger--;
    const mine = still.slice(0, share);
    for (const partition of mine) free.delete(partition);
    return { id, mine };
  });
  const rest = [...free];
  for (const one of kept) one.mine.push(...rest.splice(0, Math.max(0, least - one.mine.length)));
  for (const one of kept) if (rest.length > 0 && one.mine.length === least) one.mine.push(...rest.splice(0, 1));
  return new Map(kept.map(({ id, mine }) => [id, mine.toSorted((a, b) => a - b)]));
}
