import { jinjaLiteral } from '../jinja-literal.ts';

/** A text that dbt renders exactly to itself as an argument of a test: what looks like a call of one of these dbt would render even without braces. */
export function literalArgument(text: string): string {
  const literal = jinjaLiteral(text);
  return /^\s*(?:env_var|ref|var|source|doc)\s*\(/.test(literal) ? `{{ '' }}${literal}` : literal;
}
