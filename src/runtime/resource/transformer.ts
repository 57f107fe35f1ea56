import type { TransformVariables } from '../declare/definition.ts';
import { resource } from './resource.ts';
import type { WarehouseTarget } from './warehouse-target.ts';

/** One call of a transformer: the nodes to build with their tests, named by dbt's fully qualified names. */
export interface TransformRequest {
  /** The transformer's project folder, absolute. */
  readonly dir: string;
  readonly select: readonly string[];
  readonly target: WarehouseTarget;
  readonly fullRefresh?: boolean;
  readonly vars?: TransformVariables;
  /** The event time to build, of models that are built in batches of it: ISO instants, half-open. */
  readonly window?: { readonly start: string; readonly end: string };
  readonly signal?: AbortSignal;
}

export const NODE_STATUSES = ['success', 'pass', 'warn', 'fail', 'error', 'skipped'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

/** What a transformer reports while it works, by dbt's `unique_id`. */
export type TransformEvent =
  | { readonly type: 'started'; readonly node: string }
  | {
      readonly type: 'finished';
      readonly node: string;
      readonly status: NodeStatus;
      readonly seconds: number;
      readonly message?: string;
      readonly failures?: number;
      /** Of an error: true where it may well succeed when it is tried again, as a connection that was lost. */
      readonly transient?: boolean;
    };

/** Builds a group of models in one call. Rejects with DBT_FAILED where the call as a whole failed (a project that does not parse, a selection that names nothing), with CANCELED where it is aborted; single nodes fail by their event. */
export interface Transformer {
  /** Starts up ahead of the first build, where that takes time. */
  prepare?(signal?: AbortSignal): Promise<void>;
  build(request: TransformRequest, report: (event: TransformEvent) => void): Promise<void>;
}

export const transformer = resource<Transformer>()('transformer');
