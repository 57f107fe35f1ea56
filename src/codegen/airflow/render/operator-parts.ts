import type { Expression, Statement } from '../../python/ast.ts';

/** How the command line is called: what all tasks of a DAG have in common, and what each has of its own. */
export interface OperatorParts {
  readonly operator: Expression;
  /** Constants of the module: a name, its value, and what it is for. */
  readonly constants: readonly { readonly name: string; readonly value: Expression; readonly comment: string }[];
  /** What the module has for its tasks beside them. */
  readonly before?: readonly Statement[];
  /** Of `default_args`. */
  readonly defaults: Readonly<Record<string, Expression | undefined>>;
  /** The keyword arguments that call the command line with these arguments. */
  own(args: readonly string[]): Readonly<Record<string, Expression | undefined>>;
  /** Makes the task of what the operator returns, where that is not the task. */
  applied?(made: Expression): Expression;
}
