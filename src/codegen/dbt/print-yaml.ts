import { Document, isScalar, Scalar, visit } from 'yaml';
import { wellFormed } from '../seal.ts';

/** What stands without quotes: the words of names, types and sentences. What an older YAML takes for another type than text is quoted by the printer. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_ ().,;/+-]*$/;
/** What YAML takes for the end of a line, or refuses, within quotes. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A value as YAML that versions 1.1 (dbt) and 1.2 read alike: one line for each text, in the order of the keys. */
export function printYaml(value: unknown): string {
  const document = new Document(value, { schema: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Seq(_key, node) {
      node.flow = node.items.every((item) => isScalar(item));
    },
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      node.value = wellFormed(node.value);
      if (!PLAIN.test(node.value as string)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({
    lineWidth: 0,
    blockQuote: false,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    singleQuote: false,
  });
  return text.replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
