import { describe, expect, it } from 'vitest';
import { userActivity } from '../../../src/assets/stream/generator/user-activity.ts';
import { DAY, ORIGIN, smallCatalogue } from './streams.ts';

const catalogue = await smallCatalogue();
const shares = { late: 0, duplicate: 0, malformed: 0 };
const options = { seed: 3, origin: ORIGIN, events: 20_000, span: 2 * DAY, until: ORIGIN + 2 * DAY, shares, catalogue };
const events = [...userActivity(options)]
  .map((record) => ('raw' in record ? undefined : record.value))
  .filter((event) => event !== undefined);

describe('the activity model', () => {
  it('has every type of event, logins and searches most', () => {
    const counts = new Map<string, number>();
    for (const { event_type } of events) counts.set(event_type, (counts.get(event_type) ?? 0) + 1);
    const byCount = [...counts].sort(([, left], [, right]) => right - left).map(([type]) => type);
    expect(byCount.length).toBe(6);
    expect(byCount.slice(0, 2).sort()).toEqual(['login', 'search']);
  });

  it('gives a query to searches only, a plan to signup, subscribe and cancel only, and a session to all but a signup', () => {
    const types = (some: (event: (typeof events)[number]) => boolean) =>
      [...new Set(events.filter(some).map(({ event_type }) => event_type))].sort();
    expect(types(({ query }) => query !== undefined)).toEqual(['search']);
    expect(types(({ query }) => query === undefined)).not.toContain('search');
    expect(types(({ plan }) => plan !== undefined)).toEqual(['cancel', 'signup', 'subscribe']);
    expect(types(({ plan }) => plan === undefined)).toEqual(['login', 'logout', 'search']);
    expect(types(({ session_id }) => session_id === null)).toEqual(['signup']);
    expect(types(({ session_id }) => session_id !== null)).not.toContain('signup');
  });

  it('signs up each newcomer once, and nobody who is in the catalogue', () => {
    const newcomers = events.filter(({ event_type }) => event_type === 'signup').map(({ user_id }) => user_id);
    const known = new Set(catalogue.users.map(({ user_id }) => user_id));
    expect(newcomers.length).toBeGreaterThan(50);
    expect(new Set(newcomers).size).toBe(newcomers.length);
    expect(newcomers.some((user) => known.has(user))).toBe(false);
  });
});
