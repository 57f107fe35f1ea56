/**
 * What a template cannot hold as it is: the start of an expression, a statement or a comment; a carriage return, which Jinja makes a newline; the
 * newline at the end, which it leaves out; and an ending by which Airflow's Bash or Docker operator takes the text for the path of a template. A brace
 * before any of these would run into the one that is written for it.
 */
const SPECIAL = /\{*(?:\{[{%#]|\r)[{%#\r]*\n?|\{*(?:\n|\.(?:sh|bash|env))$/g;

/** A text as the part of a template that renders exactly to it: of Airflow, strict and sandboxed, and of dbt, wherever it renders: descriptions, `meta`, tags. */
export function jinjaLiteral(text: string): string {
  return text.replaceAll(SPECIAL, (found) => `{{ '${found.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}' }}`);
}
