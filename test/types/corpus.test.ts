import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { typeCheck } from './type-check.ts';

interface Case {
  readonly file: string;
  readonly title: string;
  /** Its lines, from 1 on: the first one is the comment's. */
  readonly from: number;
  readonly to: number;
}

interface Rejected extends Case {
  readonly code: number;
  readonly fragment: string;
}

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const filesOf = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(folder, import.meta.url))).map((name) => `${folder}/${name}`);
const rejectedFiles = filesOf('rejected');
const acceptedFiles = filesOf('accepted');

/** The places where a comment of the corpus stands, each up to the next one. */
function casesOf(file: string, comment: RegExp): (Case & { readonly match: RegExpExecArray })[] {
  const lines = read(file).split('\n');
  const starts = lines.flatMap((line, index) => {
    const match = comment.exec(line);
    return match === null ? [] : [{ index, match }];
  });
  return starts.map(({ index, match }, place) => ({
    file,
    title: match.groups?.['title'] ?? '',
    from: index + 1,
    to: starts[place + 1]?.index ?? lines.length,
    match,
  }));
}

const rejected: readonly Rejected[] = rejectedFiles
  .flatMap((file) => casesOf(file, /@ts-expect-error TS(?<code>\d+) "(?<fragment>.+)": (?<title>.+)$/))
  .map(({ match, ...rest }) => ({ ...rest, code: Number(match.groups?.['code']), fragment: match.groups?.['fragment'] ?? '' }));
const accepted: readonly Case[] = acceptedFiles.flatMap((file) => casesOf(file, /^\/\/ case: (?<title>.+)$/));

// The compiler sees every program of both kinds at once, without the directives.
const shared = ['pipeline.ts', 'exactly.ts'];
const sources = [...rejectedFiles, ...acceptedFiles, ...shared].map(
  (file) => [file, read(file).replaceAll('@ts-expect-error', '')] as const,
);
const diagnostics = typeCheck(new Map(sources));
const within = ({ file, from, to }: Case) => diagnostics.filter((found) => found.file === file && found.line >= from && found.line <= to);

describe('programs that must not compile', () => {
  it.each(rejected)('$title', (program) => {
    const found = within(program);
    expect(found.map(({ line }) => line)).toContain(program.from + 1);
    const intended = found.filter(
      ({ line, code, message }) => line === program.from + 1 && code === program.code && message.includes(program.fragment),
    );
    expect(intended, JSON.stringify(found, null, 2)).not.toEqual([]);
    // One mistake: whatever else the compiler says follows from it, on its line.
    expect(found.filter(({ line }) => line !== program.from + 1)).toEqual([]);
  });

  it('are many, and each says what it is about', () => {
    expect(rejected.length).toBeGreaterThanOrEqual(200);
    expect(new Set(rejected.map(({ title }) => title)).size).toBe(rejected.length);
    const directives = rejectedFiles.reduce((sum, file) => sum + read(file).split('@ts-expect-error').length - 1, 0);
    expect(directives).toBe(rejected.length);
  });
});

describe('programs that must compile', () => {
  it.each(accepted)('$title', (program) => {
    expect(within(program)).toEqual([]);
  });

  it('are many, and each says what it is about', () => {
    expect(accepted.length).toBeGreaterThanOrEqual(120);
    expect(new Set(accepted.map(({ title }) => title)).size).toBe(accepted.length);
  });
});

it('has no mistakes outside of its cases', () => {
  const cases = [...rejected, ...accepted];
  const outside = diagnostics.filter(({ file, line }) => !cases.some((each) => each.file === file && line >= each.from && line <= each.to));
  expect(outside).toEqual([]);
});
