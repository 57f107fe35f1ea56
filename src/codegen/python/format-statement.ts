import type { FunctionDef, Import, Name, Parameter, Statement, With } from './ast.ts';
import { blankLinesBetween, isEmptyComment, type SuiteKind } from './blank-lines.ts';
import { commentLines } from './comment-lines.ts';
import { docstringLines } from './docstring.ts';
import { bracketed, commaSeparated, type Doc, group, optionalParentheses, parenthesizeIfExpands, sequence, textDoc } from './document.ts';
import { formatExpressionStatement, formatNode, formatValue } from './format-expression.ts';
import { arrangeImports } from './imports.ts';
import { layOut } from './layout.ts';
import { canOmitParentheses } from './parenthesize.ts';

const INDENT = '    ';

/** The lines of statements that are indented by so many levels, with the empty ones that style asks for between them. */
export function suiteLines(body: readonly Statement[], level: number, kind: SuiteKind): readonly string[] {
  const lines: string[] = [];
  let previous: Statement | undefined;
  let asked = false;
  for (let index = 0; index < body.length; index++) {
    const statement = body[index] as Statement;
    if (statement.kind === 'blank') {
      asked = true;
      continue;
    }
    if (isEmptyComment(statement)) continue;
    const following = body.slice(index).find((each) => each.kind !== 'comment' && each.kind !== 'blank');
    const blanks = blankLinesBetween({ previous, statement, following, asked, kind });
    lines.push(...Array.from({ length: blanks }, () => ''));
    if (statement.kind === 'import') {
      const imports = importsFrom(body, index);
      lines.push(...importLines(imports, level));
      index += imports.length - 1;
    } else {
      lines.push(...statementLines(statement, level));
    }
    previous = statement;
    asked = false;
  }
  return lines;
}

function importsFrom(body: readonly Statement[], start: number): readonly Import[] {
  const end = body.findIndex((each, index) => index > start && each.kind !== 'import');
  return body.slice(start, end < 0 ? undefined : end) as readonly Import[];
}

/** Imports in sorted sections, with an empty line between these. */
export function importLines(imports: readonly Import[], level: number): readonly string[] {
  return arrangeImports(imports).flatMap((section, index) => [
    ...(index > 0 ? [''] : []),
    ...section.flatMap((line) => layOut(line, level).split('\n')),
  ]);
}

function statementLines(statement: Exclude<Statement, { kind: 'blank' | 'import' }>, level: number): readonly string[] {
  switch (statement.kind) {
    case 'assign':
      return line(level, formatNode(statement.target, 'bare'), textDoc(' = '), formatValue(statement.value));
    case 'expression':
      return line(level, formatExpressionStatement(statement.value));
    case 'return': {
      if (statement.value === undefined) return line(level, textDoc('return'));
      return line(level, textDoc('return '), formatValue(statement.value));
    }
    case 'function':
      return functionLines(statement, level);
    case 'with':
      return [...line(level, textDoc('with '), formatWithItems(statement), COLON), ...blockLines(statement.body, level)];
    case 'if':
      return [
        ...statement.branches.flatMap(({ test, body }, index) => [
          ...line(level, textDoc(index === 0 ? 'if ' : 'elif '), formatValue(test), COLON),
          ...blockLines(body, level),
        ]),
        ...(statement.otherwise.length > 0 ? [...line(level, textDoc('else:')), ...blockLines(statement.otherwise, level)] : []),
      ];
    case 'for': {
      const targets = statement.targets.map((id): Name => ({ kind: 'name', id }));
      const [first, second] = targets;
      const many = commaSeparated(targets.map(({ id }) => textDoc(id)));
      const target = first !== undefined && second === undefined ? formatValue(first) : optionalParentheses(() => many);
      return [
        ...line(level, textDoc('for '), target, textDoc(' in '), formatValue(statement.iterable), COLON),
        ...blockLines(statement.body, level),
      ];
    }
    case 'try':
      return [
        ...line(level, textDoc('try:')),
        ...blockLines(statement.body, level),
        ...line(level, textDoc(`except ${statement.exception}:`)),
        ...blockLines(statement.handler, level),
      ];
    case 'comment':
      return commentLines(statement.text).map((each) => INDENT.repeat(level) + each);
  }
}

const COLON = textDoc(':');

const line = (level: number, ...parts: readonly Doc[]): readonly string[] => layOut(sequence(...parts), level).split('\n');

function blockLines(body: readonly Statement[], level: number, kind: SuiteKind = 'block'): readonly string[] {
  const lines = suiteLines(body, level + 1, kind);
  const needsPass = kind !== 'documented' && body.every((each) => each.kind === 'comment' || each.kind === 'blank');
  return needsPass ? [...lines, `${INDENT.repeat(level + 1)}pass`] : lines;
}

function functionLines({ name, parameters, docstring, body }: FunctionDef, level: number): readonly string[] {
  const items = commaSeparated(parameters.map(formatParameter), 'always');
  const header = parameters.length === 0 ? textDoc('()') : bracketed(['(', ')'], items, { level: 'parenthesized' });
  const words = docstringLines(docstring ?? '').map((each) => (each === '' ? '' : INDENT.repeat(level + 1) + each));
  const rest = blockLines(body, level, words.length > 0 ? 'documented' : 'function');
  return [...line(level, textDoc(`def ${name}`), group(header), COLON), ...words, ...rest];
}

function formatParameter({ name, takes, default: byDefault }: Parameter): Doc {
  const start = textDoc(takes === 'keywords' ? `**${name}` : name);
  return byDefault === undefined ? start : sequence(start, textDoc('='), formatNode(byDefault, 'parenthesized'));
}

function formatWithItems({ items }: With): Doc {
  const [first, second] = items;
  const target = (as: string | undefined): Doc => textDoc(as === undefined ? '' : ` as ${as}`);
  if (first !== undefined && second === undefined) {
    if (first.as === undefined) return formatValue(first.value);
    if (canOmitParentheses(first.value)) return optionalParentheses((level) => sequence(formatNode(first.value, level), target(first.as)));
  }
  return parenthesizeIfExpands((level) => commaSeparated(items.map(({ value, as }) => sequence(formatNode(value, level), target(as)))));
}
