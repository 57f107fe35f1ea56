// oxlint-disable-next-line no-control-regex -- what is to be found
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text that came from anywhere, for a terminal: what would move its cursor or turn its text around is written as an escape. Lines and tabs stay. */
export const printable = (text: string): string =>
  text.replaceAll(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
