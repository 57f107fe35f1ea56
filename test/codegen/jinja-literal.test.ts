import { describe, expect, it } from 'vitest';
import { jinjaLiteral } from '../../src/codegen/jinja-literal.ts';

describe('jinjaLiteral', () => {
  it.each([
    ['gold.top_songs', 'gold.top_songs'],
    ['{{ ds }}', "{{ '{{' }} ds }}"],
    ['{% raw %}', "{{ '{%' }} raw %}"],
    ['{"a": {"b": 1}}', '{"a": {"b": 1}}'],
    ['{\r\n', "{{ '{\\r\\n' }}"],
    ['one\n', "one{{ '\\n' }}"],
    ['run.sh', "run{{ '.sh' }}"],
    ['run.sh now', 'run.sh now'],
  ])('writes %j as %s', (text, template) => {
    expect(jinjaLiteral(text)).toBe(template);
  });
});
