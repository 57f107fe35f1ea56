/*
 * What is read of S3's answers: flat elements, never one in another of the same name. The parser of the client makes numbers of keys such as
 * `007`, and takes every `+` for a space.
 */

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What stands between the tags of each element of this name, as it is written. */
export function elements(xml: string, name: string): string[] {
  return Array.from(xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs')), ([, inner = '']) => inner);
}

/** The text of the first element of this name. */
export function textOf(xml: string, name: string): string | undefined {
  const [inner] = elements(xml, name);
  return inner === undefined ? undefined : unescape(inner);
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescape(text: string): string {
  return text.replaceAll(/&(#?\w+);/g, (whole, reference: string) => {
    if (!reference.startsWith('#')) return NAMED[reference] ?? whole;
    return String.fromCodePoint(/^#x/i.test(reference) ? Number.parseInt(reference.slice(2), 16) : Number(reference.slice(1)));
  });
}
