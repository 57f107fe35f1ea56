import type { Socket } from 'node:net';

/** `pass`: bytes are handed on; `hold`: they are kept for later; `drop`: nobody hears of them. */
export type FlowState = 'pass' | 'hold' | 'drop';

/** One direction of a connection. */
export interface Flow {
  /** Bytes that are kept for later. */
  readonly held: number;
  become(state: FlowState): void;
}

/** Bytes that a network takes without being able to deliver them. */
const ROOM = 4 << 20;

/** Carries what one socket says to another, which is opened when there is something to carry. That it ends, or is reset, comes behind its last byte. */
export function createFlow(from: Socket, to: () => Socket): Flow {
  const kept: Buffer[] = [];
  let held = 0;
  let isWaiting = false;
  let state: FlowState = 'hold';
  let last: ((socket: Socket) => void) | undefined;
  const hand = (bytes: Buffer): void => {
    if (to().write(bytes) || isWaiting) return;
    isWaiting = true;
    from.pause();
    to().once('drain', () => {
      isWaiting = false;
      from.resume();
    });
  };
  const over = (act: (socket: Socket) => void): void => {
    if (state === 'hold') last ??= act;
    else act(to());
  };
  from.on('data', (bytes: Buffer) => {
    if (state === 'pass') return hand(bytes);
    if (state === 'drop') return;
    kept.push(bytes);
    held += bytes.length;
    if (held > ROOM) from.pause();
  });
  from.once('end', () => over((socket) => socket.end()));
  from.on('error', () => over((socket) => socket.destroySoon()));
  return {
    get held() {
      return held;
    },
    become(next) {
      state = next;
      from.resume();
      if (next === 'hold') return;
      if (next === 'pass') for (const bytes of kept) hand(bytes);
      kept.length = 0;
      held = 0;
      last?.(to());
      last = undefined;
    },
  };
}
