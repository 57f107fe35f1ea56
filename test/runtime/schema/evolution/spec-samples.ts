import type { z } from 'zod';
import { NAMES, toZod, type ObjectSpec, type Spec } from './spec.ts';

/** Values that lie at every edge of the schemas that are made here. */
const STRINGS = [
  '',
  ...'a b B c aa ab abc aaaa abcde x xxxx xxxxx xxxxxx xxxxxxxx xxxxxxxxx'.split(' '),
  ...'a@b.example a@x.xyz x@x.xyz 2026-01-02 10:11 10:11:12 10:11:12.123'.split(' '),
  ...[1, 4, 7].map((version) => `00000000-0000-${version}000-8000-000000000000`),
  '9b2b4c1e-6f0a-4d1e-8a55-2d1c6f0e7b11',
  'ffffffff-ffff-ffff-ffff-fffffffffff0',
  '00000000-0000-0000-0000-000000000001',
  ...['', ':05', ':05.1', ':05.123'].flatMap((seconds) => ['', 'Z', '+02:00'].map((zone) => `2026-01-02T03:04${seconds}${zone}`)),
];
const NUMBERS = [
  ...Array.from({ length: 25 }, (_, index) => (index - 12) / 2),
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  20,
  30,
  1e6,
  -1e6,
  2 ** 53,
  -(2 ** 53),
  1e300,
  0.3,
];
const UNKNOWN = 'zz';

/** Makes schemas and samples of them, each part once however often it is asked for. */
export function createSampler() {
  const made = new Map<Spec, z.ZodType>();
  const sampled = new Map<Spec, readonly unknown[]>();
  const schema = (spec: Spec): z.ZodType => {
    const known = made.get(spec) ?? toZod(spec, schema);
    made.set(spec, known);
    return known;
  };
  /** Values that are valid: each edge of each part once, the other parts at their simplest. */
  const samples = (spec: Spec): readonly unknown[] => {
    const known = sampled.get(spec) ?? candidates(spec, samples).filter((value) => schema(spec).safeParse(value).success);
    sampled.set(spec, known);
    return known;
  };
  return { schema, samples };
}

type Samples = (spec: Spec) => readonly unknown[];

const ANYTHING = [null, true, 0, 1.5, 'a', [], [0], {}, { a: 1 }];

function candidates(spec: Spec, samples: Samples): readonly unknown[] {
  switch (spec.type) {
    case 'text':
      return STRINGS;
    case 'number':
      return NUMBERS;
    case 'boolean':
      return [true, false];
    case 'null':
      return [null];
    case 'unknown':
      return ANYTHING;
    case 'enum':
      return spec.values;
    case 'literal':
      return [spec.value];
    case 'nullable':
      return [...samples(spec.inner), null];
    case 'list': {
      const items = samples(spec.item);
      const [first] = items;
      const lengths = Array.from({ length: 8 }, (_, length) => Array.from({ length }, () => first));
      return [
        ...lengths.filter((list) => list.length === 0 || items.length > 0),
        ...items.flatMap((item) => [1, 2, 3, 4].map((length) => Array.from({ length }, () => item))),
      ];
    }
    case 'tuple': {
      const rest = spec.rest === undefined ? [] : samples(spec.rest);
      const bases = [0, 1, 2, 3, 4].map((more) => [
        ...spec.items.map((item) => samples(item)[0]),
        ...Array.from({ length: more }, () => rest[0]),
      ]);
      const parts = [...spec.items.map(samples), rest, rest];
      return bases.flatMap((base) => [base, ...base.flatMap((_, index) => (parts[index] ?? []).map((value) => base.with(index, value)))]);
    }
    case 'record': {
      const names = spec.names ?? [...NAMES, UNKNOWN];
      return [{}, ...samples(spec.value).flatMap((value) => names.map((name) => ({ [name]: value })))];
    }
    case 'union':
      return spec.options.flatMap(samples);
    case 'alternatives':
      return spec.options.flatMap(([value, option]) =>
        objectCandidates(option, samples).map((object) => ({ ...object, [spec.by]: value })),
      );
    case 'object':
      return objectCandidates(spec, samples);
  }
}

function objectCandidates({ fields, others }: ObjectSpec, samples: Samples): readonly Readonly<Record<string, unknown>>[] {
  const parts = Object.entries(fields).map(([name, { spec, presence }]) => ({ name, presence, values: samples(spec) }));
  const full = Object.fromEntries(parts.filter(({ values }) => values.length > 0).map(({ name, values }) => [name, values[0]]));
  const least = Object.fromEntries(Object.entries(full).filter(([name]) => fields[name]?.presence === 'required'));
  const unknown = others === 'strict' ? [] : typeof others === 'string' ? ANYTHING : samples(others);
  // of a catchall (of anything is a loose object), fields that are not declared are promised too, whatever their names
  const names =
    typeof others === 'string' || others.type === 'unknown' ? [UNKNOWN] : [UNKNOWN, ...NAMES.filter((name) => !(name in fields))];
  return [
    full,
    least,
    ...parts.flatMap(({ name, values }) => values.map((value) => ({ ...full, [name]: value }))),
    ...parts.flatMap(({ name, presence }) => (presence === 'required' ? [] : [without(full, name)])),
    ...unknown.flatMap((value) =>
      names.flatMap((name) => [
        { ...full, [name]: value },
        { ...least, [name]: value },
      ]),
    ),
  ];
}

/** The same object but for one field. */
export const without = (object: Readonly<Record<string, unknown>>, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
