import type { RunEvent } from '../../runtime/run/event.ts';
import type { Style } from '../style.ts';
import { eventLine, stepText } from './event-line.ts';

/** Partitions of one asset that are told one by one. */
const TOLD = 10;

/**
 * The lines for the events of one run, as they come. An asset may have thousands of partitions: after the first ones only what goes wrong is told.
 * Of an asset that waits for another run, the first step that does is told. With `beginnings`, the first step of each asset is told when it begins.
 */
export function createToldEvents(style: Style, { beginnings }: { readonly beginnings: boolean }): (event: RunEvent) => string | undefined {
  const begun = new Set<string>();
  const waiting = new Set<string>();
  const done = new Map<string, number>();
  return (event) => {
    if (event.type === 'step.started') {
      if (!beginnings || begun.has(event.asset)) return undefined;
      begun.add(event.asset);
      return `${style.dim('run ')}  ${stepText(event)}`;
    }
    if (event.type === 'step.waiting') {
      if (waiting.has(event.asset)) return undefined;
      waiting.add(event.asset);
      return eventLine(event, style);
    }
    if ((event.type !== 'asset.materialized' && event.type !== 'step.skipped') || event.partition === undefined)
      return eventLine(event, style);
    const count = (done.get(event.asset) ?? 0) + 1;
    done.set(event.asset, count);
    if (count <= TOLD) return eventLine(event, style);
    return count === TOLD + 1 ? style.dim(`…     ${event.asset}: its other partitions are counted at the end`) : undefined;
  };
}
