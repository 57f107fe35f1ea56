import { describe, expect, it } from 'vitest';
import { jinjaLiteral } from '../../../src/codegen/jinja-literal.ts';
import { pyString, pyText } from '../../../src/codegen/python/quote.ts';
import { shellWord } from '../../../src/runtime/shell-word.ts';
import { anyText } from '../../codegen/python/arbitrary.ts';
import { readBack, run, samples } from './tools.ts';

const EVERY_CHARACTER = Array.from({ length: 0x1100 }, (_, block) =>
  Array.from({ length: 0x100 }, (_unused, index) => String.fromCodePoint(block * 0x100 + index)).join(' '),
);

describe('strings of generated Python', () => {
  it('are read back by Python as they were', async () => {
    const texts = [...samples(anyText, 10_000), ...EVERY_CHARACTER];
    const { literals } = await readBack({ literals: [...texts.map(pyString), ...texts.map(pyText)] });
    expect(literals).toEqual([...texts, ...texts]);
  });

  it('hold nothing that cannot be seen', () => {
    for (const text of EVERY_CHARACTER)
      expect(pyString(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Z}/u);
  });

  it('come out of the templates of Airflow as they were', async () => {
    const texts = [
      ...samples(anyText, 10_000),
      '{{ x }}',
      '{% raw %}',
      '{# x',
      '{',
      '{\r',
      '{\n',
      '{.sh',
      'run.sh',
      'a\n\n',
      '{{{%',
      '-%}',
    ];
    const templates = texts.map(jinjaLiteral);
    expect((await readBack({ templates })).templates).toEqual(texts);
    expect(templates.filter((template) => /\.(sh|bash|env)$/.test(template))).toEqual([]);
  });

  it('come out of a shell as they were', async () => {
    const texts = samples(anyText, 3000).map((text) => text.replaceAll(/[\0\p{Cs}]/gu, ''));
    const script = texts.map((text) => `printf '%s\\0' ${shellWord(text)}`).join('\n');
    for (const shell of ['bash', 'sh']) {
      const { stdout } = await run(shell, [], { input: script });
      expect(stdout.split('\0').slice(0, -1)).toEqual(texts);
    }
  });
});
