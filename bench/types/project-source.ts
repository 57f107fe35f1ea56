/** Assets of one module: a topic, its landing and bronze table, and what is made of them. */
const MODULE = 20;

/** The files of a project with so many assets of five columns each, by name: modules of twenty assets, and the project of all of them. */
export function projectSource(assets: number): ReadonlyMap<string, string> {
  const modules = Array.from({ length: Math.ceil(assets / MODULE) }, (_, module) => ({
    file: `module-${module}.ts`,
    first: module * MODULE,
    count: Math.min(MODULE, assets - module * MODULE),
  }));
  const names = modules.map(({ first, count }) => Array.from({ length: count }, (_, index) => nameOf(first + index)));
  const imports = modules.map(({ file }, module) => `import { ${names[module]?.join(', ')} } from './${file}';`);
  const project = `import { defineProject, type Broker, type ObjectStore, type Warehouse } from 'spindle';
import { z } from 'zod';
${imports.join('\n')}
declare const broker: Broker, lake: ObjectStore, warehouse: Warehouse;
export const config = z.object({});
export const project = defineProject({
  name: 'bench',
  assets: [${names.flat().join(', ')}],
  environments: { local: { broker: { open: async () => broker }, lake: { open: async () => lake }, warehouse: { open: async () => warehouse } } },
});
`;
  return new Map([
    ...modules.map(({ file, first, count }): [string, string] => [file, moduleSource(first, count)]),
    ['project.ts', project],
  ]);
}

const nameOf = (asset: number): string => `asset${asset}`;

function moduleSource(first: number, count: number): string {
  const before = nameOf(first - 3);
  const edge = first === 0 ? '' : `import { ${before} } from './module-${first / MODULE - 1}.ts';\n`;
  const assets = Array.from({ length: count }, (_, index) => {
    const name = nameOf(first + index);
    const schema = `Row${first + index}`;
    const columns = `id: z.string(), at: z.iso.datetime(), kind: z.enum(['play', 'skip']), total${first + index}: z.int().min(0), note: z.string().optional()`;
    const body = shapeAt(index)({
      name,
      schema,
      number: first + index,
      before: (places) => nameOf(first + index - places),
      deps: first === 0 ? '{}' : `{ ${before} }`,
    });
    return `const ${schema} = z.object({ ${columns} });\nexport const ${name} = asset('bench/${name}', ${body};\n`;
  });
  return `import { asset, landed, landing, objects, onCron, partitions, table, topic, value, window } from 'spindle';
import { z } from 'zod';
${edge}export const hourly${first} = partitions.hourly({ start: '2026-01-01T00:00Z' });
${assets.join('')}`.replaceAll('hourly,', `hourly${first},`);
}

interface Place {
  readonly name: string;
  readonly schema: string;
  readonly number: number;
  before(places: number): string;
  /** What the module's first asset reads. */
  readonly deps: string;
}

/** What follows the key: the declaration's second argument and its function. */
type Shape = (place: Place) => string;

const yieldRow = ({ number }: Place, from: string): string =>
  `yield { id: ${from}.id, at: ${from}.at, kind: ${from}.kind, total${number}: 1 };`;

const stream: Shape = ({ name, schema, number, deps }) =>
  `{ store: topic('${name}', ${schema}, { partitions: 6, key: (row) => row.id }), deps: ${deps}, config: z.object({ size: z.int().default(10) }) }).run(
  function* (_, { config, now }) {
    for (let index = 0; index < config.size; index++) yield { id: \`\${index}\`, at: now().toISOString(), kind: 'play', total${number}: index };
  })`;
const lands: Shape = ({ before, number }) =>
  `{ store: landing('${before(1)}', Row${number - 1}), deps: { raw: ${before(1)} } }).run(({ raw }) => raw)`;
const bronze: Shape = ({ name, before, number }) =>
  `{ store: table('bronze.${name}', landed(Row${number - 2}), { write: 'append' }), deps: { raw: ${before(1)} }, automation: onCron('5 * * * *') }).run(({ raw }) => raw)`;
const mapped: Shape = ({ name, schema, number, before }) =>
  `{ store: table('silver.${name}', ${schema}, { key: ['id'], write: 'merge' }), deps: { rows: ${before(1)} } }).run(
  async ({ rows }) => (await rows.all()).map((row) => ({ id: row.id, at: row.at, kind: row.kind, total${number}: 1 })))`;
const joined: Shape = (place) =>
  `{ store: table('silver.${place.name}', ${place.schema}), deps: { left: ${place.before(1)}, right: ${place.before(2)} } }).run(
  async function* ({ left, right }) {
    const seen = new Set((await right.all()).map((row) => row.id));
    for await (const row of left.rows()) if (seen.has(row.id)) ${yieldRow(place, 'row')}
  })`;
const sliced: Shape = ({ name, schema, number, before }) =>
  `{ store: table('silver.${name}', ${schema}, { partitionBy: 'at', write: 'replace' }), deps: { rows: ${before(1)} }, partitions: hourly, retry: { attempts: 3, delay: '5s' } }).run(
  async ({ rows }, { partition }) => [{ id: partition.key, at: partition.start.toISOString(), kind: 'skip', total${number}: await rows.count() }])`;
const windowed: Shape = ({ name, schema, number, before }) =>
  `{ store: table('silver.${name}', ${schema}, { partitionBy: 'at' }), deps: { day: window(${before(1)}, { from: -23, to: 0 }) }, partitions: hourly, tags: { tier: 'silver' } }).run(
  async ({ day }, { partition }) => [{ id: partition.key, at: partition.start.toISOString(), kind: 'skip', total${number}: await day.count() }])`;
const dumped: Shape = (place) =>
  `{ store: objects('${place.name}', ${place.schema}), deps: { rows: ${place.before(1)} } }).run(async function* ({ rows }) {
    for await (const row of rows.rows()) ${yieldRow(place, 'row')}
  })`;
const loaded: Shape = ({ name, before, number }) =>
  `{ store: table('gold.${name}', Row${number - 1}, { key: ['id'] }), deps: { rows: ${before(1)} } }).run(({ rows }) => rows)`;
const kept: Shape = ({ schema, before }) =>
  `{ store: value(z.array(${schema}.partial())), deps: { rows: ${before(1)} } }).run(({ rows }) => rows.all())`;
const computed: Shape = ({ before, number }) =>
  `{ deps: { last: ${before(1)}, rows: ${before(2)} } }).run(async ({ last, rows }) => ({ last: last.length, count: await rows.count(), schema: Row${number} }))`;

/** By place in the module: mostly tables that read tables, as pipelines are. */
const SHAPES: readonly Shape[] = [
  stream,
  lands,
  bronze,
  mapped,
  joined,
  mapped,
  sliced,
  windowed,
  mapped,
  joined,
  dumped,
  loaded,
  mapped,
  joined,
  mapped,
  sliced,
  windowed,
  mapped,
  kept,
  computed,
];

function shapeAt(index: number): Shape {
  const shape = SHAPES[index];
  if (shape === undefined) throw new RangeError(`A module has ${MODULE} assets.`);
  return shape;
}
