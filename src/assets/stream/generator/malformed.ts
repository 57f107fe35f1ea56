import { between, pick, type Random } from './random.ts';

/** What every event has, and what breaking it makes invalid. */
export interface EventFields {
  event_id: string;
  event_type: string;
  user_id: string;
  device_type: string;
  occurred_at: string;
}

type Breakage = (event: Readonly<EventFields>, random: Random) => string;

const NOISE = [
  '<html><body>502 Bad Gateway</body></html>',
  'undefined',
  '\u0000\u0001\u0002',
  'event_id=42&event_type=play',
  '{"event_id":',
] as const;

const BREAKAGES: Readonly<Record<string, Breakage>> = {
  truncated: (event, random) => {
    const text = JSON.stringify(event);
    return text.slice(0, between(random, 1, text.length));
  },
  missingField: (event, random) => JSON.stringify({ ...event, [pick(random, ['event_id', 'user_id', 'occurred_at'])]: undefined }),
  wrongType: (event, random) =>
    JSON.stringify({ ...event, ...pick(random, [{ user_id: 42 }, { occurred_at: 0 }, { device_type: ['mobile'] }]) }),
  unknownValue: (event, random) => JSON.stringify({ ...event, ...pick(random, [{ event_type: 'teleport' }, { device_type: 'toaster' }]) }),
  noInstant: (event) => JSON.stringify({ ...event, occurred_at: 'yesterday at noon' }),
  noise: (_, random) => pick(random, NOISE),
  empty: () => '',
  array: (event) => JSON.stringify([event]),
  nothing: () => 'null',
  encodedTwice: (event) => JSON.stringify(JSON.stringify(event)),
};

const KINDS = Object.values(BREAKAGES);

/** The text of an event as a broken client would send it: no JSON, or JSON that no schema with these fields accepts. */
export function malformedText(event: Readonly<EventFields>, random: Random): string {
  return pick(random, KINDS)(event, random);
}
