import fc from 'fast-check';
import type { PartitionsDefinition, TimeDefinition } from '../../../src/runtime/partitions/definition.ts';
import { TIME_UNITS } from '../../../src/runtime/partitions/definition.ts';
import { ZONES } from './zones.ts';

export const DYNAMIC = { tenants: ['t1', 't2', 't3'] } as const;

/** Definitions that begin a few days before NOW, so that a test can list every key of them. */
export const NOW = new Date('2026-04-06T10:30:00Z');

export const timeDefinition: fc.Arbitrary<TimeDefinition> = fc.record({
  kind: fc.constant('time' as const),
  unit: fc.constantFrom(...TIME_UNITS),
  // Around the changes of New York (8 March), Berlin (29 March) and Lord Howe (5 April).
  start: fc.constantFrom('2026-03-27', '2026-03-29', '2026-04-02T05:00', '2026-04-04T22:00Z'),
  timezone: fc.constantFrom(...ZONES),
});

export const listedDefinition: fc.Arbitrary<PartitionsDefinition> = fc.oneof(
  fc
    .uniqueArray(fc.constantFrom('eu', 'us', 'asia', 'x y'), { minLength: 1 })
    .map((keys): PartitionsDefinition => ({ kind: 'static', keys })),
  fc.constant<PartitionsDefinition>({ kind: 'dynamic', name: 'tenants' }),
);

/** With few keys, so that a cross of two has not too many. */
const shortDefinition = timeDefinition.map((definition) =>
  definition.unit === 'hour' ? { ...definition, start: '2026-04-06T00:00Z' } : definition,
);

export const crossDefinition: fc.Arbitrary<PartitionsDefinition> = fc
  .dictionary(fc.constantFrom('region', 'a', 'when', 'z'), fc.oneof(shortDefinition, listedDefinition), { minKeys: 1, maxKeys: 2 })
  .map((dimensions) => ({ kind: 'cross', dimensions }));

export const anyDefinition = fc.oneof(timeDefinition, listedDefinition, crossDefinition);
