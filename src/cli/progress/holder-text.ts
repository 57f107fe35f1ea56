import { readHolder } from '../../runtime/run/holder.ts';
import { SHORT_ID } from '../runs/find-run.ts';

/** Who holds a claim, for people: `run 3f2a51b2`, or `load of run 3f2a51b2`. */
export function holderText(holder: string): string {
  const { run, part } = readHolder(holder);
  return `${part === undefined ? '' : `${part} of `}run ${run.slice(0, SHORT_ID)}`;
}
