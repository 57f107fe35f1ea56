import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractKind, takesKind, WRITTEN, type ContractKind } from '../../src/dbt/contract-type.ts';
import { columnShape } from '../../src/runtime/schema/column-type.ts';
import { COLUMN_TYPES } from '../../src/runtime/schema/column.ts';
import { DIALECTS } from '../../src/runtime/schema/dialect.ts';
import { sqlType } from '../../src/runtime/schema/sql-type.ts';
import { z } from 'zod';

/** Spellings as DuckDB and Snowflake document them, without sizes. */
const SPELLINGS: Readonly<Record<Exclude<ContractKind, 'decimal'>, readonly string[]>> = {
  string: ['varchar', 'text', 'string', 'char', 'character varying', 'nvarchar', 'bpchar', 'uuid'],
  integer: ['bigint', 'int', 'integer', 'smallint', 'tinyint', 'byteint', 'hugeint', 'int8', 'int4', 'int2', 'int64', 'uinteger', 'long'],
  number: ['double', 'double precision', 'float', 'float4', 'float8', 'real'],
  boolean: ['boolean', 'bool'],
  timestamp: [
    'timestamp',
    'timestamp_ntz',
    'timestamp_ltz',
    'timestamp_tz',
    'timestamptz',
    'timestamp with time zone',
    'timestamp without time zone',
    'timestamp_ms',
    'datetime',
  ],
  date: ['date'],
  json: [
    'json',
    'variant',
    'object',
    'array',
    'struct(a int, b varchar)',
    'map(varchar, int)',
    'varchar[]',
    'integer[3]',
    'struct(a int)[]',
  ],
  text: ['time', 'interval', 'blob', 'binary'],
};
const SIZED: readonly string[] = [
  'varchar',
  'char',
  'text',
  'character varying',
  'timestamp',
  'timestamp_ntz',
  'datetime',
  'time',
  'binary',
];

const spelling = fc
  .constantFrom(...Object.entries(SPELLINGS).flatMap(([kind, names]) => names.map((name) => ({ kind: kind as ContractKind, name }))))
  .chain(({ kind, name }) =>
    fc
      .record({ sized: fc.boolean(), size: fc.nat(38), upper: fc.boolean(), around: fc.constantFrom('', ' ', '\n') })
      .map(({ sized, size, upper, around }) => {
        const [first = '', ...rest] = name.split(' ');
        // Snowflake and DuckDB take the size of an instant before its "with time zone", that of a text at its end.
        const place = first === 'timestamp' ? [`${first}(${size})`, ...rest].join(' ') : `${name}(${size})`;
        const written = sized && SIZED.includes(name) ? place : name;
        return { kind, type: `${around}${upper ? written.toUpperCase() : written}${around}` };
      }),
  );

describe('the kind of a type in a contract', () => {
  it('is the same however the type is spelled', () => {
    fc.assert(fc.property(spelling, ({ kind, type }) => contractKind(type) === kind));
  });

  it('is whole or not by the scale of a decimal, whatever it is called', () => {
    const names = fc.constantFrom('decimal', 'numeric', 'number', 'dec', 'NUMBER', 'Decimal');
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 38 }),
        fc.nat(18),
        fc.constantFrom(',', ', ', ' , '),
        (name, precision, scale, comma) => {
          expect(contractKind(`${name}(${precision}${comma}${scale})`)).toBe(scale > 0 ? 'number' : 'integer');
          expect(contractKind(`${name}(${precision})`)).toBe('integer');
        },
      ),
    );
    expect([contractKind('decimal'), contractKind('numeric'), contractKind('number')]).toEqual(['decimal', 'decimal', 'integer']);
  });

  it('is none where no warehouse has the type', () => {
    expect(contractKind('money_of_ours')).toBeUndefined();
    expect(contractKind('')).toBeUndefined();
  });

  it('fits the column types that Spindle itself declares in each dialect, and no other than numbers fit whole numbers', () => {
    for (const dialect of DIALECTS)
      for (const type of COLUMN_TYPES) {
        const kind = contractKind(sqlType({ type }, dialect))!;
        const taking = COLUMN_TYPES.filter((field) => takesKind(field, kind));
        expect(taking).toEqual(type === 'integer' ? ['integer', 'number'] : [type]);
      }
  });

  it('has a schema to write that takes it', () => {
    const written: Readonly<Record<string, z.ZodType>> = {
      'z.string()': z.string(),
      'z.int()': z.int(),
      'z.number()': z.number(),
      'z.boolean()': z.boolean(),
      'z.iso.datetime()': z.iso.datetime(),
      'z.iso.date()': z.iso.date(),
      'z.object({ … }) or z.array(…)': z.array(z.string()),
    };
    for (const [kind, text] of Object.entries(WRITTEN)) {
      const shape = columnShape(written[text]!);
      expect('type' in shape && takesKind(shape.type, kind as ContractKind), kind).toBe(true);
    }
  });
});
