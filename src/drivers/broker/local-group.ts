import type { GroupListener, GroupMember } from '../../runtime/resource/broker.ts';

type Commit = (offsets: ReadonlyMap<number, number>) => Promise<void>;

/** The consumer groups of a broker in one process: of each, one member has all partitions, and the next gets them when it leaves. */
export interface LocalGroups {
  join(id: string, partitions: number, member: { readonly listener: GroupListener; readonly commit: Commit }): GroupMember;
}

export function createLocalGroups(): LocalGroups {
  const groups = new Map<string, GroupListener[]>();

  /** Told in a later turn, as a broker's answer would come; a member that left meanwhile hears nothing. */
  function assign(members: readonly GroupListener[], listener: GroupListener, partitions: number): void {
    queueMicrotask(() => {
      if (!members.includes(listener)) return;
      listener.assigned(members[0] === listener ? Array.from({ length: partitions }, (_, partition) => partition) : []);
    });
  }

  return {
    join(id, partitions, member) {
      const members = groups.get(id) ?? [];
      groups.set(id, members);
      const listener: GroupListener = {
        assigned: (all) => member.listener.assigned(all),
        failed: (error) => member.listener.failed(error),
      };
      members.push(listener);
      assign(members, listener, partitions);
      return {
        async commit(offsets) {
          if (members[0] === listener) await member.commit(offsets);
        },
        async leave() {
          const at = members.indexOf(listener);
          if (at < 0) return;
          members.splice(at, 1);
          const [next] = members;
          if (at === 0 && next !== undefined) assign(members, next, partitions);
        },
      };
    },
  };
}
