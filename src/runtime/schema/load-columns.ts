import type { Column } from './column.ts';

/** The columns that a load adds to its table, after the declared ones. */
export const loadColumns: readonly Column[] = [
  { name: '_object', type: 'string', nullable: true, description: 'The key of the object that the row was loaded from.' },
  { name: '_loaded_at', type: 'timestamp', nullable: true, description: 'When the row was loaded.' },
];
