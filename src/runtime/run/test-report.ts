import type { CheckDefinition } from '../declare/definition.ts';
import type { NodeStatus, TransformEvent } from '../resource/transformer.ts';
import type { RecordedError } from './event.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields } from './step-name.ts';

/** How a node of a transformer ended. */
export type Finished = Extract<TransformEvent, { type: 'finished' }>;

export const PASSED: ReadonlySet<NodeStatus> = new Set<NodeStatus>(['pass', 'success']);

/** The checks of the graph that a transformer runs, by its names for them. */
export const transformChecks = ({ graph }: RunContext): ReadonlyMap<string, CheckDefinition> =>
  new Map(graph.checks.flatMap((check) => (check.uniqueId === undefined ? [] : [[check.uniqueId, check] as const])));

export interface Tested {
  readonly event: Finished;
  /** Of what was tested. */
  readonly version: string | null;
  readonly partition?: string;
}

/** Records the result of a test as that of its check. One that was lost on the way says nothing of the data: it fails the run, and is no result of any version. */
export function reportTest(run: RunContext, check: CheckDefinition, { event, version, partition }: Tested): void {
  const passed = PASSED.has(event.status);
  // A test of severity error that found less than its error_if asks for ends as a warning.
  const isWarning = event.status === 'warn';
  finish(run, check, {
    passed,
    ...(isWarning && { severity: 'warn' }),
    version: event.transient === true ? null : version,
    partition,
    milliseconds: Math.round(event.seconds * 1000),
    metadata: {
      ...(event.failures !== undefined && { failures: event.failures }),
      ...(event.message !== undefined && !passed && { message: event.message }),
    },
  });
}

/** Records a test that could not be run at all: it fails the run, and has no result still. */
export function reportUntested(run: RunContext, check: CheckDefinition, error: RecordedError): void {
  finish(run, check, { passed: false, version: null, partition: undefined, milliseconds: 0, metadata: {}, error });
}

interface Result {
  readonly passed: boolean;
  /** The check's own unless given. */
  readonly severity?: CheckDefinition['severity'];
  readonly version: string | null;
  readonly partition: string | undefined;
  readonly milliseconds: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly error?: RecordedError;
}

function finish(
  run: RunContext,
  { asset, name, ...check }: CheckDefinition,
  { partition, severity = check.severity, ...result }: Result,
): void {
  const blocking = check.blocking && severity === 'error';
  if (!result.passed && blocking)
    run.memory.fail(
      { asset: asset.key, partition },
      { cause: 'check-failed', reason: `the blocking check "${name}" of ${asset.key} failed` },
    );
  void run.emit({
    type: 'check.finished',
    ...stamp(run),
    ...stepFields({ asset: asset.key, partition }),
    check: name,
    blocking,
    severity,
    ...result,
  });
}
