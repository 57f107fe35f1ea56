import type { z } from 'zod';

/** A row's schema: a flat zod object, the single source of row type, validation, table columns and JSON Schema. */
export type Row = z.ZodObject;
