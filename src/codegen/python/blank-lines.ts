import type { Statement } from './ast.ts';
import { commentLines } from './comment-lines.ts';

/** Where statements stand: in the file, in a function, in one after its docstring, or in another block. */
export type SuiteKind = 'module' | 'function' | 'documented' | 'block';

interface Place {
  /** The statement or comment before, undefined at the start. */
  readonly previous: Statement | undefined;
  readonly statement: Statement;
  /** The statement, after a comment the one that it is about. */
  readonly following: Statement | undefined;
  /** Whether the tree asks for an empty line. */
  readonly asked: boolean;
  readonly kind: SuiteKind;
}

/** How many empty lines stand before a statement: two around functions, one after imports and around blocks of the file, and what the tree asks for. */
export function blankLinesBetween({ previous, statement, following, asked, kind }: Place): number {
  const most = kind === 'module' ? 2 : 1;
  if (previous === undefined) {
    const isFunction = kind === 'documented' ? following?.kind === 'function' : kind === 'block' && statement.kind === 'function';
    return isFunction ? 1 : 0;
  }
  if (previous.kind === 'comment') return asked ? (statement.kind === 'function' ? most : 1) : 0;
  if (endsWithFunction(previous) || following?.kind === 'function') return most;
  if (previous.kind === 'import' && (following?.kind !== 'import' || statement.kind === 'comment')) return 1;
  const isBlock = (each: Statement | undefined): boolean => each !== undefined && bodiesOf(each).length > 0;
  return asked || (kind === 'module' && (isBlock(previous) || isBlock(following))) ? 1 : 0;
}

function endsWithFunction(statement: Statement): boolean {
  const last = bodiesOf(statement)
    .at(-1)
    ?.findLast((each) => each.kind !== 'blank' && !isEmptyComment(each));
  return statement.kind === 'function' || (last !== undefined && endsWithFunction(last));
}

function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'function':
    case 'with':
    case 'for':
      return [statement.body];
    case 'if':
      return [...statement.branches.map(({ body }) => body), ...(statement.otherwise.length > 0 ? [statement.otherwise] : [])];
    case 'try':
      return [statement.body, statement.handler];
    case 'assign':
    case 'expression':
    case 'import':
    case 'return':
    case 'comment':
    case 'blank':
      return [];
  }
}

/** Whether a statement is a comment without words, which is left out. */
export function isEmptyComment(statement: Statement): boolean {
  return statement.kind === 'comment' && commentLines(statement.text).length === 0;
}
