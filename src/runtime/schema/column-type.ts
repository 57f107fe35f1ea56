import type { core } from 'zod';
import type { Column, ColumnType } from './column.ts';
import { jsonProblems } from './json-problems.ts';
import { peel } from './peel.ts';
import { describeUnmappable } from './unmappable.ts';

/** What a field becomes, without its name; or why it becomes nothing, as a sentence that says what to write instead. */
export type ColumnShape = Omit<Column, 'name'>;
export type Mapped = ColumnShape | { readonly problem: string };

/** The column that a field's schema asks for, by its input side. */
export function columnShape(schema: core.$ZodType): Mapped {
  const { core: inner, nullable, optional, description } = peel(schema);
  const mapped = mapCore(inner);
  if ('problem' in mapped) return mapped;
  const text = description ?? mapped.description;
  return { ...mapped, nullable: nullable || optional || mapped.nullable, ...(text !== undefined && { description: text }) };
}

function mapCore(inner: core.$ZodTypes): Mapped {
  const { def } = inner._zod;
  switch (def.type) {
    case 'string':
      return mapString(def as core.$ZodStringDef & Partial<core.$ZodISODateTimeDef>);
    case 'template_literal':
      return { type: 'string', nullable: false };
    case 'number':
      return mapNumber(def as core.$ZodNumberDef & Partial<core.$ZodNumberFormatDef>);
    case 'boolean':
      return { type: 'boolean', nullable: false };
    case 'enum':
      // a numeric TypeScript enum also maps its values back to names
      return mapValues(
        Object.entries(def.entries).flatMap(([name, value]) =>
          typeof def.entries[value] === 'number' && !Number.isNaN(Number(name)) ? [] : [value],
        ),
      );
    case 'literal':
      return mapValues(def.values);
    case 'object':
    case 'array':
    case 'tuple':
    case 'record': {
      const [problem] = jsonProblems(inner);
      return problem === undefined ? { type: 'json', nullable: false } : { problem };
    }
    case 'intersection': {
      const sides = [columnShape(def.left), columnShape(def.right)];
      const other = sides.find((side) => 'problem' in side || side.type !== 'json');
      if (other === undefined) return { type: 'json', nullable: false };
      return 'problem' in other
        ? other
        : { problem: 'an intersection of plain values has no column type: write the one type, with .refine()' };
    }
    case 'union':
      return mapUnion(def.options);
    default:
      return { problem: describeUnmappable(def.type) };
  }
}

/** `z.iso.datetime()` and the older `z.string().datetime()` carry the same definition, one as the schema's and one as a check's. */
function mapString(def: core.$ZodStringDef & Partial<core.$ZodISODateTimeDef>): Mapped {
  const definitions = [def, ...(def.checks ?? []).map((check) => check._zod.def)] as readonly Partial<
    Omit<core.$ZodISODateTimeDef, 'format'> & { format: string }
  >[];
  const instant = definitions.find(({ format }) => format === 'datetime');
  if (instant !== undefined) {
    if (instant.local === true)
      return { problem: 'a local time names no instant: write z.iso.datetime(), or z.iso.datetime({ offset: true })' };
    if (typeof instant.precision === 'number' && instant.precision !== 3)
      return { problem: 'instants are read back with milliseconds: write z.iso.datetime() without a precision, or with precision 3' };
    return { type: 'timestamp', nullable: false, ...(instant.offset === true && { offset: true }) };
  }
  return { type: definitions.some(({ format }) => format === 'date') ? 'date' : 'string', nullable: false };
}

function mapNumber(def: core.$ZodNumberDef & Partial<core.$ZodNumberFormatDef>): Mapped {
  const checks = (def.checks ?? []).map((check) => check._zod.def) as readonly Partial<core.$ZodCheckGreaterThanDef & { format: string }>[];
  const integer = [def, ...checks].some(({ format }) => format === 'safeint' || format === 'int32' || format === 'uint32');
  // an open bound of an integer is the closed one beside it; that of a fraction has no such neighbor and is left to zod
  const bounds = (check: string, step: number) =>
    checks.flatMap(({ check: kind, value, inclusive }) =>
      kind !== check || typeof value !== 'number' || !(inclusive || integer) ? [] : [inclusive ? value : value + step],
    );
  const least = bounds('greater_than', 1);
  const most = bounds('less_than', -1);
  return {
    type: integer ? 'integer' : 'number',
    nullable: false,
    ...(least.length > 0 && { minimum: Math.max(...least) }),
    ...(most.length > 0 && { maximum: Math.min(...most) }),
  };
}

function mapValues(values: readonly core.util.Literal[]): Mapped {
  const plain = values.filter((value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
  const other = values.find((value) => typeof value === 'bigint' || typeof value === 'symbol');
  if (other !== undefined) return { problem: describeUnmappable(typeof other as 'bigint' | 'symbol') };
  const types = new Set(plain.map(valueType));
  const type = unify(types);
  if (type === undefined) return { problem: types.size === 0 ? describeUnmappable('null') : mixed(types) };
  return { type, nullable: plain.length < values.length, values: plain };
}

function valueType(value: string | number | boolean): ColumnType {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  return typeof value as 'string' | 'boolean';
}

function mapUnion(options: readonly core.$ZodType[]): Mapped {
  const present = options.filter((option) => !['null', 'undefined'].includes(peel(option).core._zod.def.type));
  const mapped = present.map(columnShape);
  const failed = mapped.find((shape) => 'problem' in shape);
  if (failed !== undefined) return failed;
  const shapes = mapped as readonly ColumnShape[];
  const types = new Set(shapes.map(({ type }) => type));
  const type = unify(types);
  if (type === undefined) return { problem: types.size === 0 ? describeUnmappable('null') : mixed(types) };
  const values = shapes.every((shape) => shape.values !== undefined)
    ? [...new Set(shapes.flatMap((shape) => shape.values ?? []))]
    : undefined;
  return {
    type,
    nullable: present.length < options.length || shapes.some(({ nullable }) => nullable),
    ...(values !== undefined && { values }),
    ...(shapes.some(({ offset }) => offset) && { offset: true }),
  };
}

/** The one type of several, where there is one: fractions hold integers too. */
function unify(types: ReadonlySet<ColumnType>): ColumnType | undefined {
  const [first, second] = [...types].toSorted();
  if (types.size === 2 && first === 'integer' && second === 'number') return 'number';
  return types.size === 1 ? first : undefined;
}

function mixed(types: ReadonlySet<ColumnType>): string {
  return `a union of ${[...types].join(' and ')} has no single column type: write one field for each, or z.object({ value: … }) to keep it as JSON`;
}
