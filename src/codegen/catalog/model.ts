/** A model of dbt, as its manifest tells of it. */
export interface CatalogModel {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly materialized: string;
  /** dbt holds the table to the columns. */
  readonly contract: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string | undefined; readonly description: string }[];
}
