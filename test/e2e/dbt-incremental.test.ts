import { describe, expect, it } from 'vitest';
import { load, rowsOf, type Arrival } from './bronze.ts';
import { build, useDbt } from './dbt-project.ts';

const rig = useDbt();
const silver = (path: string) =>
  rowsOf(path, 'select event_id as event, song_id as song, _offset as "offset" from silver.listening_events order by event_id');

/** What silver has to hold: the first arrival of each event, in the order of the loads and within a load in that of its rows. */
function firstArrivals(loads: readonly (readonly Arrival[])[]) {
  const first = new Map<string, { event: string; song: string; offset: string }>();
  for (const { event, song, offset } of loads.flat()) if (!first.has(event)) first.set(event, { event, song, offset: `${offset}` });
  return [...first.values()].toSorted((a, b) => (a.event < b.event ? -1 : 1));
}

/** Rows `from`..`to` of a load; the song tells one delivery of an event from another. */
const rows = (
  events: readonly string[],
  place: Pick<Arrival, 'object' | 'loadedAt'> & { firstOffset: number; occurredAt?: number },
): Arrival[] =>
  events.map((event, index) => ({
    event,
    song: `song-${place.firstOffset + index}`,
    offset: place.firstOffset + index,
    object: place.object,
    loadedAt: place.loadedAt,
    occurredAt: place.occurredAt ?? place.firstOffset + index,
  }));

describe('silver, built load by load', () => {
  it('keeps the first arrival of each event through overlaps, duplicates and late rows', async () => {
    const path = await rig.warehouse('loads');
    const loads = [
      rows(['a', 'b', 'a', 'c'], { object: 'one', loadedAt: 100, firstOffset: 0 }),
      // two objects in one load; b again; d is older than everything before it
      [
        ...rows(['b', 'd', 'd'], { object: 'two', loadedAt: 200, firstOffset: 4, occurredAt: -500 }),
        ...rows(['e', 'c'], { object: 'three', loadedAt: 200, firstOffset: 7 }),
      ],
      // nothing but duplicates, then new rows at the same moment as the load before, then an object loaded again with lower offsets
      rows(['a', 'e'], { object: 'four', loadedAt: 300, firstOffset: 9 }),
      rows(['f', 'a'], { object: 'five', loadedAt: 300, firstOffset: 11 }),
      rows(['g', 'b'], { object: 'one', loadedAt: 150, firstOffset: 2 }),
    ];
    for (const [index, arrivals] of loads.entries()) {
      await load(path, arrivals);
      const finished = await build(rig.dbt, path, { select: ['spotify.staging', 'spotify.silver'] });
      expect([...finished.values()].filter(({ status }) => status !== 'success' && status !== 'pass')).toEqual([]);
      expect(await silver(path)).toEqual(firstArrivals(loads.slice(0, index + 1)));
    }
  });

  it('is what a full refresh makes of the same rows', async () => {
    const path = await rig.warehouse('refresh');
    const loads = [1, 2, 3].map((number) =>
      rows(
        Array.from({ length: 200 }, (_, index) => `event-${(index * 7 * number + number * 50) % 300}`),
        { object: `object-${number}`, loadedAt: number * 10, firstOffset: number * 1000 },
      ),
    );
    for (const arrivals of loads) {
      await load(path, arrivals);
      await build(rig.dbt, path, { select: ['spotify.staging', 'spotify.silver'] });
    }
    const grown = await silver(path);
    expect(grown).toEqual(firstArrivals(loads));
    await build(rig.dbt, path, { select: ['spotify.staging', 'spotify.silver'], fullRefresh: true });
    expect(await silver(path)).toEqual(grown);
  });
});
