/** Text of SQL with Jinja in it without its comments, each of which becomes a space. Quoted text is kept: a name may be put together from it. */
export function withoutComments(text: string): string {
  return text.replaceAll(
    /(\{#[\s\S]*?#\}|--[^\n]*|\/\*[\s\S]*?\*\/)|'(?:[^'\n]|'')*'|"(?:[^"\n]|"")*"/g,
    (whole: string, comment: string | undefined) => (comment === undefined ? whole : ' '),
  );
}

/** Whether the name stands in the text as a word, in whatever case. */
export function mentions(text: string, name: string): boolean {
  const escaped = name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\w$])${escaped}(?![\w$])`, 'i').test(text);
}

/** What asks a warehouse for the columns that a relation has, or takes all of them: macros of dbt and its packages, and words of SQL. */
const WHOLE_ROWS =
  /\b(?:star|get_columns_in_relation|get_filtered_columns_in_relation|get_column_values|union_relations|deduplicate|unpivot|pivot|run_query|information_schema|natural|columns|summarize|object_construct)\b\s*[({.'"]|\b(?:natural|unpivot|pivot|summarize|describe)\s+[\w"({]/i;
/** DuckDB takes a query without `select` for one of all columns. */
const FROM_FIRST = /(?:^|[(;]|\bunion|\ball|\bby\s+name|\bexcept|\bintersect|\bas)\s*from\b/i;
const KEYWORD_BEFORE = /(?:^|[^\w$])(?:select|distinct|all|top\s+\d+)$/i;
const KEYWORD_AFTER = /^(?:from|exclude|except|replace|rename|ilike|like|where|qualify|group|order|union|limit)\b/i;

/** Whether text without comments takes every column of something it reads: `*` that neither counts nor multiplies, or one of the words above. */
export function takesEveryColumn(text: string): boolean {
  if (WHOLE_ROWS.test(text) || FROM_FIRST.test(text.trim())) return true;
  const counted = text.replaceAll(/\bcount\s*\(\s*\*\s*\)/gi, 'count()');
  return [...counted.matchAll(/\*+/g)].some(({ index, 0: stars }) => {
    const before = counted.slice(0, index).trimEnd();
    const after = counted.slice(index + stars.length).trimStart();
    const multiplies = /[\w$)\]}]$/.test(before) && !KEYWORD_BEFORE.test(before) && /^[\w$([{+-]/.test(after) && !KEYWORD_AFTER.test(after);
    return !multiplies;
  });
}
