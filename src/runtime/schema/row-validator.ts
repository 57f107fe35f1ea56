import { z } from 'zod';
import { SpindleError } from '../errors.ts';
import { wireSchema } from './wire-schema.ts';

export type RowSchema = z.ZodObject | z.ZodDiscriminatedUnion;

/** Checks rows that a function returned: strictly, since a column that nobody declared is a mistake of the function's. */
export type RowValidator = (row: unknown, index: number) => Record<string, unknown>;

/** A validator that gives the row as it lies at rest (the schema's input side with defaults applied), or throws ROWS_INVALID naming row, field and reason. */
export const rowValidator = (schema: RowSchema, asset: string): RowValidator => rowValidators(schema)(asset);

/** Validators of one schema for assets by their keys. A store keeps them: what zod makes of a schema costs more than many rows. */
export function rowValidators(schema: RowSchema): (asset: string) => RowValidator {
  let made: z.ZodType | undefined;
  return (asset) => validatorOf((made ??= strictWire(schema)), asset);
}

function validatorOf(strict: z.ZodType, asset: string): RowValidator {
  return (row, index) => {
    const result = strict.safeParse(row);
    if (result.success) return result.data as Record<string, unknown>;
    const issues = result.error.issues.map(describeIssue);
    const field = result.error.issues[0]?.path.join('.');
    throw new SpindleError('ROWS_INVALID', `${asset} returned a row that does not fit its schema: row ${index}: ${issues.join('; ')}.`, {
      asset,
      ...(field && { field }),
      issues,
      remedy: "Change what the asset's function returns, or the schema of its store.",
    });
  };
}

function strictWire(schema: RowSchema): z.ZodType {
  if (schema instanceof z.ZodObject) return wireSchema(schema).strict();
  const options = schema.options.map((option) => strictWire(option as RowSchema)) as unknown as readonly [
    z.core.$ZodTypeDiscriminable,
    ...z.core.$ZodTypeDiscriminable[],
  ];
  return z.discriminatedUnion(schema.def.discriminator, options);
}

/** One problem as `field: reason`; unrecognized keys are named. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return `${where}${issue.message}`;
}
