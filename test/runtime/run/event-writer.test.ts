import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { eventWriter } from '../../../src/runtime/run/event-writer.ts';

const log = (message: string): RunEvent => ({ type: 'log', run: 'r', at: '2026-01-01T00:00:00.000Z', asset: 'a', message });

describe('the events of a run', () => {
  it('are handed to the store at once and in order, and are kept when those before are', async () => {
    const appended: string[] = [];
    const done: (() => void)[] = [];
    const write = eventWriter({
      append: (events) => {
        appended.push(...events.map((event) => (event.type === 'log' ? event.message : '')));
        return new Promise((resolve) => void done.push(resolve));
      },
    });
    const kept: string[] = [];
    const both = [write([log('one')]).then(() => kept.push('one')), write([log('two'), log('three')]).then(() => kept.push('two'))];
    expect(appended).toEqual(['one', 'two', 'three']);
    done[1]?.();
    await new Promise(setImmediate);
    expect(kept).toEqual([]);
    done[0]?.();
    await Promise.all(both);
    expect(kept).toEqual(['one', 'two']);
  });

  it('are not written behind one that was lost', async () => {
    let appends = 0;
    const write = eventWriter({
      append: async () => {
        if (++appends === 2) throw new Error('disk full');
      },
    });
    await write([log('one')]);
    await expect(write([log('two')])).rejects.toThrow('disk full');
    await expect(write([log('three')])).rejects.toThrow('disk full');
    await expect(write([])).rejects.toThrow('disk full');
    expect(appends).toBe(2);
  });
});
