import type { SharedFunction } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import type { RunContext } from './run-context.ts';

type Values = Readonly<Record<string, unknown>>;
type Report = (values: Values) => void;

/** One member's turn. */
export interface Turn {
  readonly partition: string | undefined;
  readonly attempt: number | undefined;
  /** Takes what the function reports of itself. */
  readonly metadata: Report;
  /** Calls the function. */
  call(metadata: Report): Promise<unknown>;
}

/** One call of a function that several assets share. */
interface SharedCall {
  /** What it yielded and nobody took yet. */
  readonly outputs: Map<string, unknown>;
  /** What it reported of itself: of every member, also where a generator reports it while its rows are written. */
  readonly reported: Record<string, unknown>;
  readonly members: Set<Report>;
}

/**
 * One output of a function that several assets share. The first member that is due calls it and the others take what it yielded; outputs of
 * members that are not selected are dropped. What is tried again calls it again, since a generator can be read once only.
 */
export async function callShared(
  run: RunContext,
  { shared, turn: { partition, attempt, metadata, call } }: { readonly shared: SharedFunction; readonly turn: Turn },
): Promise<unknown> {
  const thing = { kind: 'shared', name: shared.name, partition, attempt } as const;
  const made = (await run.memory.once(thing, () => makeCall(run, shared, call))) as SharedCall;
  made.members.add(metadata);
  metadata(made.reported);
  const output = made.outputs.get(shared.output);
  made.outputs.delete(shared.output);
  return output;
}

async function makeCall(run: RunContext, shared: SharedFunction, call: Turn['call']): Promise<SharedCall> {
  const members: SharedCall['members'] = new Set();
  const reported: Record<string, unknown> = {};
  const yielded = await call((values) => {
    Object.assign(reported, values);
    for (const member of members) member(values);
  });
  const outputs = new Map(Object.entries(asOutputs(yielded, shared)));
  const wanted = new Set<string>();
  for (const key of run.selected) {
    const other = run.graph.get(key).shared;
    if (other?.name === shared.name) wanted.add(other.output);
  }
  for (const name of outputs.keys()) if (!wanted.has(name)) outputs.delete(name);
  return { outputs, reported, members };
}

/** VALUE_INVALID where an output is missing or nobody declared it: then no member is materialized. */
function asOutputs(yielded: unknown, { name, outputs }: SharedFunction): Values {
  const values = (typeof yielded === 'object' && yielded !== null ? yielded : {}) as Values;
  const missing = outputs.filter((output) => values[output] === undefined);
  const unknown = Object.keys(values).filter((output) => !outputs.includes(output));
  if (missing.length + unknown.length === 0) return values;
  const problems = [
    ...(missing.length > 0 ? [`returned nothing for ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`returned ${unknown.join(', ')}, which it does not declare`] : []),
  ];
  throw new SpindleError('VALUE_INVALID', `The function of ${name} ${problems.join(', and ')}.`, {
    field: missing[0] ?? unknown[0]!,
    issues: problems,
    remedy: `Return an object with exactly these names: ${outputs.join(', ')}.`,
  });
}
