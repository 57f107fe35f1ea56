import { describe, expect, it } from 'vitest';
import type { BrokerRecord } from '../../../src/runtime/resource/broker.ts';
import { ObjectWriter } from '../../../src/runtime/landing/object-writer.ts';
import { createOpenObjects, dueAt, isFull, THIN_RECORDS, type Rotation } from '../../../src/runtime/landing/rotation.ts';

const ROTATION: Rotation = { bytes: 10_000, records: 2_000, every: 5_000, thin: 60_000 };
const record: BrokerRecord = { partition: 0, offset: 0, key: null, value: Buffer.from('{}'), headers: {}, timestamp: 0 };

/** An object with so many records, each a line of so many characters that do not compress. */
function objectOf(records: number, characters = 1, openedAt = 1_000): ObjectWriter {
  const object = new ObjectWriter(0, openedAt, 'gzip');
  for (let index = 0; index < records; index++) object.add(record, { rejected: index % 2 === 1, line: 'x'.repeat(characters) });
  return object;
}

describe('rotation', () => {
  it('closes an object at so many records or bytes, flagged ones among them', () => {
    expect(isFull(objectOf(1_999), ROTATION)).toBe(false);
    expect(isFull(objectOf(2_000), ROTATION)).toBe(true);
    expect(isFull(objectOf(99, 100), ROTATION)).toBe(false); // each line has a byte more, for its end
    expect(isFull(objectOf(100, 100), ROTATION)).toBe(true);
  });

  it('keeps one of few records open longer', () => {
    expect(dueAt(objectOf(1), ROTATION)).toBe(61_000);
    expect(dueAt(objectOf(THIN_RECORDS - 1), ROTATION)).toBe(61_000);
    expect(dueAt(objectOf(THIN_RECORDS), ROTATION)).toBe(6_000);
    expect(dueAt(objectOf(1), { ...ROTATION, thin: 1_000 })).toBe(6_000); // never shorter than the busy ones
  });

  it('closes the largest early where all hold too much', () => {
    const held = (bytes: number): ObjectWriter => Object.defineProperty(objectOf(1), 'held', { value: bytes });
    const open = createOpenObjects();
    const [large, small] = [held(40 << 20), held(20 << 20)];
    for (const object of [large, small]) open.add(object);
    expect([large, small].map((object) => open.isTooMuch(object))).toEqual([false, false]);
    const more = held(10 << 20);
    open.add(more);
    expect([large, small, more].map((object) => open.isTooMuch(object))).toEqual([true, false, false]);
    open.remove(large);
    expect([small, more].map((object) => open.isTooMuch(object))).toEqual([false, false]);
  });
});
