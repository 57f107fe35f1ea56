import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { linkAbort } from '../../../src/runtime/stream/linked-abort.ts';

describe('a linked abort', () => {
  it('comes about by itself, or by any of the others, with their reason', () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const own = linkAbort(one.signal, two.signal);
    own.abort('own');
    expect(own.signal.reason).toBe('own');
    expect(two.signal.aborted).toBe(false);
    const linked = linkAbort(one.signal, two.signal);
    two.abort('two');
    expect(linked.signal.reason).toBe('two');
    expect(linkAbort(one.signal, two.signal).signal.reason).toBe('two');
  });

  it('leaves nothing behind at the others once it is unlinked', () => {
    const other = new AbortController();
    for (let round = 0; round < 100; round++) linkAbort(other.signal).unlink();
    expect(getEventListeners(other.signal, 'abort')).toEqual([]);
    const unlinked = linkAbort(other.signal);
    unlinked.unlink();
    other.abort();
    expect(unlinked.signal.aborted).toBe(false);
  });
});
