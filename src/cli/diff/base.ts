import type { JsonSchema } from '../../runtime/schema/evolution/json-schema.ts';
import type { TableShape } from '../../runtime/schema/evolution/compare-tables.ts';
import type { DeclaredModel } from './declared-models.ts';

/** What a topic is compared with. */
export interface BaseSchema {
  readonly schema: JsonSchema;
  readonly fingerprint: string;
  /** Of what is published; null in a file and at a commit. */
  readonly version: number | null;
  readonly project: string | null;
}

export interface BaseTable extends TableShape {
  readonly asset: string;
}

/** Where what is compared with comes from. */
export type Against =
  | { readonly kind: 'published' | 'file' }
  /** `name` as it was typed. */
  | { readonly kind: 'commit'; readonly name: string; readonly commit: string };

/** What a project is compared with. Tables and models are left out where it holds none: of topics alone is told what is published. */
export interface Base {
  readonly against: Against;
  /** By topic. */
  readonly topics: ReadonlyMap<string, BaseSchema>;
  /** By name. */
  readonly tables: ReadonlyMap<string, BaseTable> | undefined;
  /** With contracts, by the keys of their assets. */
  readonly models: ReadonlyMap<string, DeclaredModel> | undefined;
}
