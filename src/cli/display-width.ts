// oxlint-disable-next-line no-control-regex -- an escape sequence begins with one
const ANSI = /\u001b\[[0-9;]*m/g;
// oxlint-disable-next-line no-control-regex -- likewise
const ANSI_PARTS = /(\u001b\[[0-9;]*m)/;
const ASCII = /^[\x20-\x7e]*$/;
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;
/** Blocks whose characters take two columns (Unicode's East Asian Width W and F, and the emoji blocks). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const JOINER = '\u200d';

/** The columns that a text takes on a terminal; colors take none. */
export function displayWidth(text: string): number {
  const visible = text.replace(ANSI, '');
  if (ASCII.test(visible)) return visible.length;
  let width = 0;
  let joined = false;
  for (const character of visible) {
    // What follows a joiner is drawn together with what precedes it.
    if (!joined && !INVISIBLE.test(character)) width += WIDE.test(character) ? 2 : 1;
    joined = character === JOINER;
  }
  return width;
}

/** Pads with spaces to so many columns, on the right or on the left. */
export function padTo(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const padding = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'left' ? padding + text : text + padding;
}

/** The beginning of a text that takes at most so many columns, with an ellipsis where something is left out. Colors stay as they are: what begins also ends. */
export function clipTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let left = Math.max(0, width - 1);
  let cut = false;
  const clip = (part: string): string => {
    if (cut) return '';
    const kept = beginning(part, left);
    left -= displayWidth(kept);
    cut = kept.length < part.length;
    return cut ? `${kept}…` : kept;
  };
  return text
    .split(ANSI_PARTS)
    .map((part, index) => (index % 2 === 1 ? part : clip(part)))
    .join('');
}

function beginning(text: string, width: number): string {
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter().segment(text)) {
    if (displayWidth(text.slice(0, index + segment.length)) > width) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
