import type { CheckDefinition } from '../../runtime/declare/definition.ts';
import { code, markdownTable, plain } from './markdown.ts';

type Effect = 'block' | 'fail' | 'warn';

/** What comes of a check that fails, from the most to the least. */
const EFFECTS: readonly { readonly effect: Effect; readonly title: string; readonly text: string }[] = [
  { effect: 'block', title: 'Checks that block', text: 'what depends on the asset waits' },
  { effect: 'fail', title: 'Checks that fail the run', text: 'the run fails' },
  { effect: 'warn', title: 'Checks that warn', text: 'it warns' },
];

const effectOf = ({ blocking, severity }: CheckDefinition): Effect => (blocking ? 'block' : severity === 'error' ? 'fail' : 'warn');

/** Those that say what they are about as a table; of the others, as tests of dbt mostly are, the name tells. */
export function checksText(checks: readonly CheckDefinition[]): readonly string[] {
  const isDescribed = ({ description = '' }: CheckDefinition) => description.trim() !== '';
  const named = EFFECTS.flatMap(({ effect, title }) => {
    const names = checks.filter((check) => !isDescribed(check) && effectOf(check) === effect).map(({ name }) => code(name));
    return names.length === 0 ? [] : [`- **${title}:** ${names.join(', ')}`];
  });
  return [
    ...markdownTable<CheckDefinition>(
      [
        ['Check', ({ name }) => code(name)],
        ['Where it fails', (check) => EFFECTS.find(({ effect }) => effect === effectOf(check))?.text ?? ''],
        ['Description', ({ description = '' }) => plain(description)],
      ],
      checks.filter(isDescribed),
    ),
    ...(named.length === 0 ? [] : [...named, '']),
  ];
}
