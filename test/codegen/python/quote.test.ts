import { describe, expect, it } from 'vitest';
import { pyString, pyText } from '../../../src/codegen/python/quote.ts';

describe('pyString', () => {
  it.each([
    ['plays', '"plays"'],
    ["it's", '"it\'s"'],
    ['"quoted"', '\'"quoted"\''],
    [`it's "quoted"`, `'it\\'s "quoted"'`],
    [`it's "`, `"it's \\""`],
    ['back\\slash', '"back\\\\slash"'],
    ['a\nb\tc\rd\0e\x1b', '"a\\nb\\tc\\rd\\x00e\\x1b"'],
    ['é日本🎵', '"é日本🎵"'],
    ['\u00a0\u200b\u2028\ufeff\u202e', '"\\xa0\\u200b\\u2028\\ufeff\\u202e"'],
    ['\ud800 \udfff', '"\\ud800 \\udfff"'],
    ['\u{e0041}', '"\\U000e0041"'],
  ])('writes %j as %s', (text, literal) => {
    expect(pyString(text)).toBe(literal);
  });
});

describe('pyText', () => {
  it.each([
    ['# Plays\n\nOf a "day".\n', '"""\\\n# Plays\n\nOf a "day".\n"""'],
    ['a\n"""b""" and "c"', '"""\\\na\n\\"\\"\\"b\\"\\"\\" and "c\\""""'],
    ['a\tb\\\nc', '"""\\\na\\tb\\\\\nc"""'],
    ['one line', '"one line"'],
    ['space at the end \nb', '"space at the end \\nb"'],
    ['a\r\nb', '"a\\r\\nb"'],
    ['a\n\0', '"a\\n\\x00"'],
  ])('writes %j as %s', (text, literal) => {
    expect(pyText(text)).toBe(literal);
  });
});
