import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-code.ts';
import { ERROR_CODES } from '../../src/runtime/errors.ts';
import { readPage, readPages, root } from './page.ts';

const pages = readPages();

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe('the pages', () => {
  it('link to files and headings that exist', () => {
    const broken = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, target = '']) => {
        if (/^https?:/.test(target)) return [];
        const [file = '', anchor] = target.split('#');
        const absolute = file === '' ? join(root, path) : join(root, dirname(path), file);
        const found = existsSync(absolute) && (anchor === undefined || anchorsOf(absolute).includes(anchor));
        return found ? [] : [`${path}: ${target}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('are all reached from the README or from the list of decisions', () => {
    const linked = new Set(
      pages.flatMap(({ path, text }) => [...text.matchAll(/\]\(([^)#]+\.md)/g)].map(([, target = '']) => join(dirname(path), target))),
    );
    expect(pages.map(({ path }) => path).filter((path) => path !== 'README.md' && !linked.has(path))).toEqual([]);
  });

  it('describe every error code once, and no other', () => {
    const described = [...readPage('docs/errors.md').text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
    expect(described.toSorted()).toEqual([...ERROR_CODES].toSorted());
  });

  it('list every environment variable that is read, and no other', () => {
    const read = new Set(sources().flatMap((text) => text.match(/\bSPINDLE_[A-Z0-9_]+\b/g) ?? []));
    const described = readPage('docs/operations.md')
      .text.split('\n')
      .filter((line) => line.startsWith('| `SPINDLE_'))
      .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(SPINDLE_[A-Z0-9_]+)`/g)].map(([, name]) => name));
    expect(described.toSorted()).toEqual([...read].toSorted());
  });

  it('list the exit codes', () => {
    const described = [...readPage('docs/operations.md').text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(described).toEqual(expect.arrayContaining(Object.values(EXIT)));
  });
});

function sources(): readonly string[] {
  const folder = join(root, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8'));
}
