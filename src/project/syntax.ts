import { parseAst } from 'rolldown/parseAst';

/** A node of the ESTree, as far as it is looked at here. Offsets count UTF-16 units. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The statements of a module; undefined where it does not parse, which the build then reports better. */
export function parseStatements(text: string, path: string): readonly SyntaxNode[] | undefined {
  try {
    return parseAst(text, { sourceType: 'module', lang: languageOf(path) }, path).body as unknown as readonly SyntaxNode[];
  } catch {
    return undefined;
  }
}

/** The parser does not go by the file's name: a module with types would not parse, and nothing of it would be edited. */
function languageOf(path: string): 'js' | 'jsx' | 'ts' | 'tsx' {
  const [, variant = 'js'] = /\.[cm]?(tsx?|jsx)$/.exec(path) ?? [];
  return variant as 'jsx' | 'ts' | 'tsx';
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Calls `visit` on the node and everything below it; below a node for which it returns false it does not go. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => boolean | void): void {
  if (visit(node) === false) return;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isSyntaxNode(child)) walk(child, visit);
  }
}

/** Of an identifier, or of the string that a property or an export may have for a name; empty for anything else. */
export function nameOf(node: unknown): string {
  const name = isSyntaxNode(node) ? (node['name'] ?? node['value']) : undefined;
  return typeof name === 'string' ? name : '';
}

/** The names that a pattern binds, in order. */
export function boundNames(pattern: SyntaxNode): string[] {
  const names: string[] = [];
  walk(pattern, (node) => {
    if (node.type === 'Identifier') names.push(String(node['name']));
    // In `{ key: name }` the key binds nothing; a default value and a type neither.
    if (node.type === 'Property') {
      if (isSyntaxNode(node['value'])) names.push(...boundNames(node['value']));
      return false;
    }
    if (node.type === 'AssignmentPattern') {
      if (isSyntaxNode(node['left'])) names.push(...boundNames(node['left']));
      return false;
    }
    return !node.type.startsWith('TS');
  });
  return names;
}

/** Applies edits, given in the order of the text and not overlapping. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let edited = '';
  let at = 0;
  for (const { start, end, text: replacement } of edits) {
    edited += text.slice(at, start) + replacement;
    at = end;
  }
  return edited + text.slice(at);
}
