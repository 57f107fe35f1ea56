import { asset, check, defineProject, job, onCron, partitions, value } from 'spindle';
import { production } from '../environment.ts';

const store = value<number>();
const HARD = 'it\'s "quoted" {{ x }} {% raw %} {# no #} $HOME `id` \\n %s 日本 \u{1f3b5} \u202eabc\u202c !';
const long = `very/${'long_'.repeat(62)}key`;
const group = HARD;
const keys = [
  'a-b',
  'a.b',
  'a_b',
  'a_b__2',
  'class',
  'def',
  'None',
  'dag',
  'json',
  'Asset',
  'report',
  'print',
  'and',
  'stale',
  '1st',
  'é'.replace('é', 'e'),
  long,
];
const plain = keys.map((key) => asset(key, { store }).run(() => 1));
const described = asset('described', {
  description: `${HARD}\nsecond line\r\n"""third"""\n\n    indented\ttab`,
  group,
  owners: [HARD, 'two, three'],
  tags: { [HARD]: HARD },
  pool: HARD,
  store,
  partitions: partitions.of(["it's {{ x }}", '日本', '{% raw %}', '"']),
}).run(() => 1);
const checks = [
  check(described, HARD, { blocking: true, description: HARD }).run(() => ({ passed: true })),
  check(described, `${HARD}\nsecond line\r\n.sh`).run(() => ({ passed: true })),
];

export const project = defineProject({
  name: `shop ${HARD}`,
  assets: [...plain, described],
  checks,
  jobs: [
    job(`nightly ${HARD}`, { select: '**', automation: onCron('0 4 * * *'), tags: [HARD] }),
    job('x'.repeat(300), { select: '"and" or "stale"' }),
  ],
  environments: { "prod {{ x }} 'a'": production },
});
