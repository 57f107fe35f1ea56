import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/runtime/errors.ts';

describe('docs/errors.md', () => {
  it('has a line for every code, in the order of the list, with its meaning and what to do', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm)];
    expect(rows.map(([, code]) => code)).toEqual([...ERROR_CODES]);
  });
});
