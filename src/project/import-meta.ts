import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { applyEdits, isSyntaxNode, parseStatements, walk, type Edit } from './syntax.ts';

/** The module with its `import.meta.url`, `.filename` and `.dirname` written out: in a bundle they would name the bundle. */
export function pinImportMeta(text: string, path: string): string {
  if (!text.includes('import.meta')) return text;
  const values: Readonly<Record<string, string>> = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  const edits: Edit[] = [];
  for (const statement of parseStatements(text, path) ?? []) {
    walk(statement, (node) => {
      if (node.type !== 'MemberExpression' || node['computed'] === true) return;
      const { object, property } = node;
      if (!isSyntaxNode(object) || object.type !== 'MetaProperty' || !isSyntaxNode(property)) return;
      const value = values[String(property['name'])];
      if (value !== undefined) edits.push({ start: node.start, end: node.end, text: JSON.stringify(value) });
    });
  }
  return applyEdits(text, edits);
}
