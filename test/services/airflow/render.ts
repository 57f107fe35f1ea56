import { ask } from './ask.ts';
import { type AirflowEnvironment } from './environments.ts';

/** A run as the API server tells a worker of it; what is left out the run does not have, as runs triggered by assets have no logical date. */
export interface RenderedRun {
  readonly runId?: string;
  readonly runType?: 'manual' | 'scheduled' | 'backfill' | 'asset_triggered';
  readonly logicalDate?: string;
  readonly dataIntervalStart?: string;
  readonly dataIntervalEnd?: string;
  readonly runAfter?: string;
  readonly partitionKey?: string;
  readonly partitionDate?: string;
  readonly conf?: Readonly<Record<string, unknown>>;
}

export interface RenderQuestion {
  readonly file: string;
  readonly dagId: string;
  readonly taskId: string;
  readonly run: RenderedRun;
  readonly tryNumber?: number;
  /** The task's retries by default. */
  readonly maxTries?: number;
  readonly mapIndex?: number;
}

/** The operator's templated fields, or the error of an undefined name or a broken template. */
export type Rendered = { readonly fields: Readonly<Record<string, unknown>> } | { readonly error: string };

/** Renders templates as a worker does. On 2.9 a run always has a logical date and a data interval. */
export const renderTemplates = async (
  environment: AirflowEnvironment,
  questions: readonly RenderQuestion[],
): Promise<readonly Rendered[]> => (await ask(environment, 'render.py', questions)) as readonly Rendered[];
