import type { ExternalTask } from './event.ts';

/** The part of its run that a task is: its id, with the index where it is mapped. */
export function partOf({ task, mapIndex }: ExternalTask): string {
  return mapIndex === undefined ? task : `${task}[${mapIndex}]`;
}
