/** What Unicode draws two columns wide, as ruff counts it (the crate unicode-width); what is unassigned between two ranges is part of one. */
const WIDE = new RegExp(
  `[${[
    '\\u1100-\\u115f\\u17a4\\u231a-\\u231b\\u2329-\\u232a\\u23e9-\\u23ec\\u23f0\\u23f3\\u25fd-\\u25fe\\u2614-\\u2615\\u2630-\\u2637',
    '\\u2648-\\u2653\\u267f\\u268a-\\u268f\\u2693\\u26a1\\u26aa-\\u26ab\\u26bd-\\u26be\\u26c4-\\u26c5\\u26ce\\u26d4\\u26ea',
    '\\u26f2-\\u26f3\\u26f5\\u26fa\\u26fd\\u2705\\u270a-\\u270b\\u2728\\u274c\\u274e\\u2753-\\u2755\\u2757\\u2795-\\u2797\\u27b0',
    '\\u27bf\\u2b1b-\\u2b1c\\u2b50\\u2b55\\u2e80-\\u303e\\u3041-\\u3247\\u3250-\\ua4c6\\ua960-\\ua97c\\uac00-\\ufaff\\ufe10-\\ufe6b',
    '\\uff01-\\uff60\\uffe0-\\uffe6\\u{16fe0}-\\u{1b2fb}\\u{1d300}-\\u{1d376}\\u{1f004}\\u{1f0cf}\\u{1f18e}\\u{1f191}-\\u{1f19a}',
    '\\u{1f200}-\\u{1f320}\\u{1f32d}-\\u{1f335}\\u{1f337}-\\u{1f37c}\\u{1f37e}-\\u{1f393}\\u{1f3a0}-\\u{1f3ca}',
    '\\u{1f3cf}-\\u{1f3d3}\\u{1f3e0}-\\u{1f3f0}\\u{1f3f4}\\u{1f3f8}-\\u{1f43e}\\u{1f440}\\u{1f442}-\\u{1f4fc}',
    '\\u{1f4ff}-\\u{1f53d}\\u{1f54b}-\\u{1f54e}\\u{1f550}-\\u{1f567}\\u{1f57a}\\u{1f595}-\\u{1f596}\\u{1f5a4}',
    '\\u{1f5fb}-\\u{1f64f}\\u{1f680}-\\u{1f6c5}\\u{1f6cc}\\u{1f6d0}-\\u{1f6d2}\\u{1f6d5}-\\u{1f6df}\\u{1f6eb}-\\u{1f6ec}',
    '\\u{1f6f4}-\\u{1f6fc}\\u{1f7e0}-\\u{1f7f0}\\u{1f90c}-\\u{1f93a}\\u{1f93c}-\\u{1f945}\\u{1f947}-\\u{1f9ff}',
    '\\u{1fa70}-\\u{1faf8}\\u{20000}-\\u{3fffd}',
  ].join('')}]`,
  'u',
);
/** Marks on the character before, and the vowels and finals of Hangul. */
const NOTHING =
  /[\p{Grapheme_Extend}\u0d4e\u1160-\u11ff\ua8fa\ud7b0-\ud7ff\u{111c2}\u{111c3}\u{113d1}\u{1193f}\u{11941}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/u;
const TIFINAGH_JOINER = '\u2d7f';
const KHMER_SIGN_BEYYAL = '\u17d8';

const ASCII = /^[\x20-\x7e]*$/;

/** The columns that a line of printable text takes. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (character === KHMER_SIGN_BEYYAL) return 3;
  if (NOTHING.test(character) && character !== TIFINAGH_JOINER) return 0;
  return WIDE.test(character) ? 2 : 1;
}
