/** Which step: an asset, or one partition of it. */
export interface StepName {
  readonly asset: string;
  readonly partition: string | undefined;
}

/** The part of an event that names a step. */
export const stepFields = ({ asset, partition }: StepName): { readonly asset: string; readonly partition?: string } => ({
  asset,
  ...(partition !== undefined && { partition }),
});
