import { expect } from 'vitest';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = `${NAME}="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const SAMPLE = new RegExp(
  `^(?<name>${NAME})(?:\\{(?<labels>${LABEL}(?:,${LABEL})*)\\})? (?<value>NaN|[+-]Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$`,
);
const HELP = new RegExp(`^# HELP (?<name>${NAME}) .+$`);
const TYPE = new RegExp(`^# TYPE (?<name>${NAME}) (?:counter|gauge|histogram|summary|untyped)$`);

/** The samples of a text in Prometheus' format (version 0.0.4); fails where a line is none of it, or a sample belongs to no type. */
export function parsePrometheus(text: string): readonly Sample[] {
  expect(text.endsWith('\n')).toBe(true);
  const types = new Set<string>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '' || HELP.test(line)) continue;
    const type = TYPE.exec(line)?.groups?.['name'];
    if (type !== undefined) {
      expect(types.has(type), `the type of ${type} comes twice`).toBe(false);
      types.add(type);
      continue;
    }
    const groups = SAMPLE.exec(line)?.groups;
    expect(groups, `no line of the format: ${line}`).toBeDefined();
    const { name = '', labels = '', value = '' } = groups ?? {};
    expect(types.has(name) || types.has(name.replace(/_(?:bucket|sum|count)$/, '')), `no type of ${name}`).toBe(true);
    expect(seen.has(`${name}{${labels}}`), `comes twice: ${line}`).toBe(false);
    seen.add(`${name}{${labels}}`);
    const pairs = [...labels.matchAll(new RegExp(`(${NAME})="((?:[^"\\\\]|\\\\.)*)"`, 'g'))].map(([, key, text_]) => [key, text_]);
    samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value.replace('Inf', 'Infinity')) });
  }
  return samples;
}

/** The value of the one sample of that name with these labels, as far as they are given. */
export function valueOf(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  expect(found.length, `samples of ${name}`).toBeLessThanOrEqual(1);
  return found[0]?.value;
}
