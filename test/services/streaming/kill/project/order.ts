import { z } from 'zod';

/** What the generator makes, and what is landed. */
export const Order = z.object({
  order_id: z.string(),
  customer: z.string(),
  status: z.enum(['placed', 'paid', 'shipped', 'returned']),
  cents: z.int().min(0),
  comment: z.string().optional(),
  placed_at: z.iso.datetime(),
});
export type Order = z.infer<typeof Order>;

/** Kinds of records, with how many there are among 10,000. The rest is good. */
const SHARES = {
  /** Placed days before it is sent. */
  late: 100,
  /** The order of an earlier record once more. */
  repeated: 100,
  /** With fields that the schema does not know: they are kept. */
  extended: 100,
  long: 5,
  wrongType: 30,
  missingField: 20,
  cut: 20,
  empty: 10,
  nothing: 5,
  halfSurrogate: 5,
  deep: 2,
} as const;
export type Kind = keyof typeof SHARES | 'good';

const DEAD: readonly Kind[] = ['wrongType', 'missingField', 'cut', 'empty', 'nothing', 'halfSurrogate', 'deep'];

/** Whether landing has to set a record of this kind aside. */
export const isDead = (kind: Kind): boolean => DEAD.includes(kind);

/** A number below 2^32 for the record with this sequence: always the same, and without a pattern. */
function noise(seed: number, sequence: number): number {
  let h = (seed * 0x9e37_79b1 + sequence * 0x85eb_ca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0_aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a_2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

export function kindOf(seed: number, sequence: number): Kind {
  let place = noise(seed, sequence) % 10_000;
  for (const [kind, share] of Object.entries(SHARES) as [Kind, number][]) {
    if (place < share) return kind;
    place -= share;
  }
  return 'good';
}

const DAY = 86_400_000;
const DEPTH = 10_000;

function orderOf(seed: number, sequence: number, at: number): Order {
  const chance = noise(seed + 1, sequence);
  return {
    order_id: `o-${seed}-${sequence}`,
    customer: `c-${chance % 5_000}`,
    status: Order.shape.status.options[chance % 4] ?? 'placed',
    cents: chance % 100_000,
    ...(chance % 3 === 0 && { comment: `Ünïcode 🎧 "quoted" ${chance.toString(36)}` }),
    placed_at: new Date(at).toISOString(),
  };
}

/** The record with this sequence, sent at this instant: the same one, whoever asks and however often. */
export function recordOf(seed: number, sequence: number, at: number): { readonly value: Order } | { readonly raw: string } {
  const order = orderOf(seed, sequence, at);
  const kind = kindOf(seed, sequence);
  switch (kind) {
    case 'good':
      return { value: order };
    case 'late':
      return { value: { ...order, placed_at: new Date(at - 3 * DAY).toISOString() } };
    case 'repeated':
      return { value: orderOf(seed, sequence >> 1, at) };
    case 'long':
      return { value: { ...order, comment: 'long '.repeat(4_000) } };
    case 'extended':
      return { raw: JSON.stringify({ ...order, channel: 'web', tags: [sequence, { nested: null }] }) };
    case 'wrongType':
      return { raw: JSON.stringify({ ...order, cents: String(order.cents) }) };
    case 'missingField':
      return { raw: JSON.stringify({ ...order, order_id: undefined }) };
    case 'cut':
      return { raw: JSON.stringify(order).slice(0, 1 + (sequence % 40)) };
    case 'empty':
      return { raw: '' };
    case 'nothing':
      return { raw: 'null' };
    case 'halfSurrogate':
      return { raw: JSON.stringify(order).replace('"o-', '"\\ud83c o-') };
    case 'deep':
      return { raw: `{"order_id":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}` };
  }
}

/** Every tenth customer's records go round: null. */
export function keyOf(seed: number, sequence: number): string | null {
  const chance = noise(seed + 1, sequence);
  return chance % 10 === 0 ? null : `c-${chance % 5_000}`;
}
