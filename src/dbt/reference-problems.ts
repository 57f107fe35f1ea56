import { didYouMean } from '../runtime/closest.ts';
import { columnShape } from '../runtime/schema/column-type.ts';
import type { Row } from '../runtime/store/row.ts';
import { contractKind, takesKind, WRITTEN } from './contract-type.ts';
import type { DbtNode } from './graph.ts';

/**
 * Why a schema does not fit the model that it is to read, an issue for each column: one that the model does not document, or, where the model
 * has a contract, one of another type. Without a contract nothing holds the table to the types, and names alone are compared.
 */
export function referenceProblems(key: string, schema: Row, { columns, contract }: DbtNode): readonly string[] {
  const documented = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  return Object.entries(schema.shape).flatMap(([name, field]): readonly string[] => {
    const column = documented.get(name.toLowerCase());
    if (column === undefined) {
      const near = didYouMean(
        name,
        columns.map((other) => other.name),
      );
      return [
        `DBT_COLUMN: ${key} is read with the column ${name}, which its model does not document.${near} Correct the schema given to model(), or the model's columns.`,
      ];
    }
    if (!contract || column.type === undefined) return [];
    const kind = contractKind(column.type);
    const shape = columnShape(field);
    // What has no column type at all is reported with the store's own problems.
    if (kind === undefined || 'problem' in shape || takesKind(shape.type, kind)) return [];
    return [
      `DBT_COLUMN: ${key} is read with ${name} as ${shape.type} (${WRITTEN[shape.type]}), and the contract of its model says ${column.type}. Write ${WRITTEN[kind]} in the schema given to model(), or change the model's contract.`,
    ];
  });
}
