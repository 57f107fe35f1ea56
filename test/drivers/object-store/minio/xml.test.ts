import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elements, escape, textOf } from '../../../../src/drivers/object-store/minio/xml.ts';

describe('what is read of an answer of S3', () => {
  it('are the elements of a name, with or without attributes, over several lines', () => {
    const xml = '<List xmlns="x">\n<Rule id="1"><ID>a</ID>\n</Rule><Rule><ID>b</ID></Rule><RuleSet/></List>';
    expect(elements(xml, 'Rule')).toEqual(['<ID>a</ID>\n', '<ID>b</ID>']);
    expect(elements(xml, 'ID')).toEqual(['a', 'b']);
    expect(elements(xml, 'None')).toEqual([]);
    expect(textOf(xml, 'None')).toBe(undefined);
  });

  it('is text as it was, whatever refers to its characters', () => {
    expect(textOf('<Key>a&amp;b&lt;&gt;&quot;&apos;&#39;&#x27; +%20&unknown;</Key>', 'Key')).toBe(`a&b<>"''' +%20&unknown;`);
    expect(textOf('<Key>007</Key>', 'Key')).toBe('007');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => textOf(`<Key>${escape(text)}</Key>`, 'Key') === text));
  });
});
