import { edit, type Edit } from './edit.ts';

const ALL = ['customers', 'orders', 'refunds', 'report', 'sales/de', 'sales/fr'];
const SALES = ['sales/de', 'sales/fr'];

/** What people and the formatter change without changing what is computed. */
export const NO_CHANGE: readonly Edit[] = [
  edit('a comment', { 'src/shared/money.ts': [['export function withTax', '/** With the tax on it. */\nexport function withTax']] }, []),
  edit('a comment within a function', { 'src/shared/money.ts': [['return round(total);', '// to the cent\n  return round(total);']] }, []),
  edit('a comment beside the asset', { 'src/assets/orders.ts': [['export const refunds', '// money back\nexport const refunds']] }, []),
  edit(
    'another layout',
    { 'src/shared/money.ts': [['const total = amount * (1 + tax);', 'const total =\n    amount\n    * (1 + tax)\n']] },
    [],
  ),
  edit('other quotes', { 'src/shared/constants.ts': [["open: 'open'", 'open: "open"']] }, []),
  edit('blank lines and semicolons', { 'src/shared/order-total.ts': [[', 0));\n', ', 0))\n\n\n']] }, []),
  edit(
    'a local variable with another name',
    {
      'src/shared/money.ts': [
        ['const total = amount', 'const sum = amount'],
        ['round(total)', 'round(sum)'],
      ],
    },
    [],
  ),
  edit(
    'a parameter with another name',
    {
      'src/render.ts': [
        ['(amounts: readonly', '(values: readonly'],
        ['=> amounts.map', '=> values.map'],
      ],
    },
    [],
  ),
  edit(
    'a function with another name',
    {
      'src/shared/money.ts': [
        ['return round(total)', 'return toCents(total)'],
        ['export function round', 'export { toCents as round };\nfunction toCents'],
        ['${round(amount)}', '${toCents(amount)}'],
      ],
    },
    [],
  ),
  edit(
    'a helper with another name',
    {
      'src/assets/orders.ts': [
        ['function negative', 'function backwards'],
        ['amount: negative(', 'amount: backwards('],
      ],
    },
    [],
  ),
  edit(
    'a constant with another name',
    {
      'src/shared/money.ts': [
        ['const CENTS', 'const HUNDRED'],
        ['amount * CENTS) / CENTS', 'amount * HUNDRED) / HUNDRED'],
      ],
    },
    [],
  ),
  edit('an export that nobody uses', { 'src/shared/constants.ts': [['UNUSED = 1', 'UNUSED = [console.log].map(String)']] }, []),
  edit('a new export', { 'src/shared/money.ts': [['export function round', 'export const free = 0;\nexport function round']] }, []),
  edit(
    'an export that nobody uses of a module that is imported on use',
    { 'src/render.ts': [['export const render', 'export const other = asText;\nexport const render']] },
    [],
  ),
  edit('an import that is not used', { 'src/shared/money.ts': [['import { TAX }', 'import { TAX, UNUSED }']] }, []),
  edit(
    'an import of a package that is not used',
    { 'src/shared/money.ts': [['import { TAX }', "import { slug } from 'slug';\nimport { TAX }"]] },
    [],
  ),
  edit(
    'imports in another order',
    {
      'src/assets/orders.ts': [
        [
          "import { asset, onCron, table } from 'spindle';\nimport { z } from 'zod';",
          "import { z } from 'zod';\nimport { asset, onCron, table } from 'spindle';",
        ],
      ],
    },
    [],
  ),
  edit('a type', { 'src/shared/types.ts': [['readonly price: number;', 'readonly price: number;\n  readonly note?: string;']] }, []),
  edit('a type in a signature', { 'src/shared/money.ts': [['amount: number, tax = TAX', 'amount: number & {}, tax: number = TAX']] }, []),
  edit('an assertion of a type', { 'src/shared/order-total.ts': [['sum + price', '(sum as number) + price!']] }, []),
  edit('a type-only export of the barrel', { 'src/shared/index.ts': [['export type { Line }', 'export type { Currency, Line }']] }, []),
  edit(
    'functions in another order',
    {
      'src/shared/money.ts': [
        ['export function round(amount: number): number {\n  return Math.round(amount * CENTS) / CENTS;\n}\n', ''],
        [
          'export function asText',
          'export function round(amount: number): number {\n  return Math.round(amount * CENTS) / CENTS;\n}\nexport function asText',
        ],
      ],
    },
    [],
  ),
  edit(
    'helpers in another order',
    {
      'src/assets/orders.ts': [
        ['function negative(amount: number): number {\n  return -amount;\n}\n', ''],
        ['export const orders', 'function negative(amount: number): number {\n  return -amount;\n}\nexport const orders'],
      ],
    },
    [],
  ),
  edit(
    'a function that moved to another file',
    {
      'src/shared/money.ts': [
        ['import { TAX }', "import { round } from './round.ts';\nexport { round };\nimport { TAX }"],
        ['const CENTS = 100;\nexport function round(amount: number): number {\n  return Math.round(amount * CENTS) / CENTS;\n}\n', ''],
      ],
    },
    [],
    {
      added: {
        'src/shared/round.ts':
          'const CENTS = 100;\nexport function round(amount: number): number {\n  return Math.round(amount * CENTS) / CENTS;\n}\n',
      },
    },
  ),
  edit('an import around the barrel', { 'src/assets/orders.ts': [["from '../shared/index.ts'", "from '../shared/order-total.ts'"]] }, []),
  edit('an import through the barrel', { 'src/render.ts': [["from './shared/money.ts'", "from './shared/index.ts'"]] }, []),
  edit(
    'another export of the barrel',
    { 'src/shared/index.ts': [['export { Basket }', "export { STATUS } from './constants.ts';\nexport { Basket }"]] },
    [],
  ),
  edit(
    'the version of a package that nobody imports',
    { 'package-lock.json': [['"node_modules/other":{"version":"1.0.0"}', '"node_modules/other":{"version":"2.0.0"}']] },
    [],
  ),
  edit(
    'the list of the project',
    { 'src/project.ts': [['customers.customers, germany, france', 'france, germany, customers.customers']] },
    [],
  ),
];

/** What an asset says for people and for the scheduler. */
export const NOT_COMPUTED: readonly Edit[] = [
  edit('a description', { 'src/assets/orders.ts': [["'What people ordered.'", "'Orders, with tax.'"]] }, []),
  edit('a description beside a spread', { 'src/assets/customers.ts': [["'Who ordered.'", "'People.'"]] }, []),
  edit('no description any more', { 'src/assets/customers.ts': [["description: 'Who ordered.', ", '']] }, []),
  edit('owners', { 'src/assets/orders.ts': [["['anna']", "['anna', 'carl']"]] }, []),
  edit('owners in a spec that is spread', { 'src/assets/customers.ts': [["owners: ['ben']", "owners: ['dora']"]] }, []),
  edit('a group', { 'src/assets/orders.ts': [["group: 'sales'", "group: 'shop'"]] }, []),
  edit('tags', { 'src/assets/factory.ts': [["team: 'sales'", "team: 'shop', tier: 'one'"]] }, []),
  edit('automation', { 'src/assets/orders.ts': [["'0 * * * *'", "'30 4 * * *'"]] }, []),
  edit('attempts', { 'src/assets/report.ts': [['attempts: 2', "attempts: 5, delay: '1m'"]] }, []),
  edit('a pool', { 'src/assets/report.ts': [["pool: 'render'", "pool: 'slow', timeout: '5m'"]] }, []),
  edit('freshness', { 'src/assets/report.ts': [["pool: 'render'", "pool: 'render', freshness: { within: '1d' }"]] }, []),
  edit('a key with formerly', { 'src/assets/orders.ts': [["asset('refunds', {", "asset('money/back', { formerly: ['refunds'],"]] }, [], {
    renamed: { refunds: 'money/back' },
  }),
  edit('the key of an upstream', { 'src/assets/orders.ts': [["asset('orders', {", "asset('sales/orders', { formerly: ['orders'],"]] }, [], {
    renamed: { orders: 'sales/orders' },
  }),
  edit(
    'the name under which an asset is exported',
    {
      'src/assets/customers.ts': [
        ['export const customers', 'const people'],
        ['baskets: new Basket().add(1).total() },\n]);', 'baskets: new Basket().add(1).total() },\n]);\nexport { people as customers };'],
      ],
    },
    [],
  ),
];

/** What changes what is computed or stored: of the assets that use it, and of no other. */
export const CHANGE: readonly Edit[] = [
  edit('a function three imports away', { 'src/shared/money.ts': [['Math.round(', 'Math.floor(']] }, [
    'customers',
    'orders',
    'report',
    ...SALES,
  ]),
  edit('a shared constant', { 'src/shared/constants.ts': [['TAX = 0.19', 'TAX = 0.2']] }, ['orders']),
  edit('a value of a constant object', { 'src/shared/constants.ts': [["paid: 'paid'", "paid: 'settled'"]] }, ['orders', 'report']),
  edit('a default parameter', { 'src/shared/money.ts': [['tax = TAX', 'tax = TAX / 2']] }, ['orders']),
  edit("a factory's default parameter", { 'src/assets/factory.ts': [['factor = 1', 'factor = 3']] }, SALES),
  edit("a factory's argument", { 'src/assets/sales.ts': [["'fr', 2", "'fr', 4"]] }, ['sales/fr']),
  edit("a factory's function", { 'src/assets/factory.ts': [['count * factor', 'count + factor']] }, SALES),
  edit(
    'a key that goes through a factory, which may do more with it',
    { 'src/assets/sales.ts': [["'sales/de'", "'sales/germany'"]] },
    ['sales/de'],
    { renamed: { 'sales/de': 'sales/germany' } },
  ),
  edit('JSON', { 'src/shared/countries.json': [['Germany', 'Deutschland']] }, SALES),
  edit('a method of a class', { 'src/shared/basket.ts': [['this.#prices.push(price)', 'this.#prices.unshift(price, 0)']] }, ['customers']),
  edit('a static field of a class', { 'src/shared/basket.ts': [['limit = 10', 'limit = 11']] }, ['customers']),
  edit('a module that is imported on use', { 'src/render.ts': [["join('\\n')", "join(', ')"]] }, ['report']),
  edit('what a module does when it is loaded', { 'src/shared/setup.ts': [['STATUS.open', 'STATUS.paid']] }, ['report']),
  edit(
    'the order of what a module does when it is loaded',
    {
      'src/shared/setup.ts': [
        ['place.shop = STATUS.open;\n', ''],
        ["place.shop += '!';", "place.shop += '!';\nplace.shop = STATUS.open;"],
      ],
    },
    ['report'],
  ),
  edit('the helper of one of two assets', { 'src/assets/orders.ts': [['return -amount', 'return 0 - amount']] }, ['refunds']),
  edit('the helper of the other one', { 'src/assets/orders.ts': [['price: index', 'price: index + 1']] }, ['orders']),
  edit('the function of an asset', { 'src/assets/orders.ts': [["id: 'a'", "id: 'b'"]] }, ['orders']),
  edit('a dependency', { 'src/assets/report.ts': [['deps: { customers, orders }', 'deps: { customers }']] }, ['report']),
  edit(
    'the version of a package',
    { 'package-lock.json': [['"node_modules/slug":{"version":"1.0.0"}', '"node_modules/slug":{"version":"1.0.1"}']] },
    ['customers'],
  ),
  edit('the version of zod, with which schemas are made', { 'package-lock.json': [['4.1.0', '4.2.0']] }, [
    'customers',
    'orders',
    'refunds',
  ]),
  edit('the default of a config', { 'src/assets/orders.ts': [['default(3)', 'default(4)']] }, ['orders']),
  edit('a new field of a config', { 'src/assets/orders.ts': [['z.int().default(3)', 'z.int().default(3), seed: z.int().default(1)']] }, [
    'orders',
  ]),
  edit(
    'a column that is added',
    { 'src/assets/orders.ts': [['amount: z.number() }', 'amount: z.number(), at: z.string().default("") }']] },
    ['refunds'],
  ),
  edit(
    'a column that is renamed',
    {
      'src/assets/orders.ts': [
        ['total: z.number(), status', 'sum: z.number(), status'],
        [', total: orderTotal', ', sum: orderTotal'],
        ['({ id, total })', '({ id, sum: total })'],
      ],
    },
    ['orders', 'refunds'],
  ),
  edit("a column's type", { 'src/assets/orders.ts': [['amount: z.number()', 'amount: z.int()']] }, ['refunds']),
  edit('the schema of a value', { 'src/assets/customers.ts': [['default(1)', 'default(2)']] }, ['customers']),
  edit('where a table lies', { 'src/assets/orders.ts': [["'shop.refunds'", "'shop.returns'"]] }, ['refunds']),
  edit('how a table is written', { 'src/assets/orders.ts': [["write: 'merge'", "write: 'replace'"]] }, ['orders']),
  edit('an operator', { 'src/shared/order-total.ts': [['sum + price', 'sum - price']] }, ['orders']),
  edit('what is awaited', { 'src/assets/factory.ts': [['await orders.count()', 'orders.count()']] }, SALES),
  edit('a swap of two calls', { 'src/assets/customers.ts': [['.add(1).total()', '.add(1).add(2).total()']] }, ['customers']),
  edit(
    'two functions that change names',
    {
      'src/shared/money.ts': [
        ['export function round', 'export function other'],
        ['export function asText', 'export function round'],
        ['`${round(', '`${other('],
        ['return round(total)', 'return other(total)'],
        ['export function other(amount: number): number', 'export function other(amount: number): any'],
        ['export function round(amount: number): string', 'export function round(amount: number): any'],
        ['const CENTS', 'export { other as asText };\nconst CENTS'],
      ],
    },
    ['customers', 'report', ...SALES],
  ),
  edit(
    'everything, by the bundled name of a shared module',
    { 'src/shared/money.ts': [['const CENTS = 100', 'const CENTS = 1000']] },
    ALL.filter((key) => key !== 'refunds'),
  ),
];
