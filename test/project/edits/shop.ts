import type { Files } from '../temporary-project.ts';

/** A small project with what real ones have: modules three imports deep, a barrel, a class, a package, JSON, a factory, a module that is imported on use. */
export const SHOP = {
  'package-lock.json': JSON.stringify({
    packages: {
      'node_modules/zod': { version: '4.1.0' },
      'node_modules/slug': { version: '1.0.0' },
      'node_modules/other': { version: '1.0.0' },
    },
  }),
  'node_modules/slug/package.json': JSON.stringify({ name: 'slug', version: '1.0.0', type: 'module', exports: './index.js' }),
  'node_modules/slug/index.js': 'export const slug = (text) => text.toLowerCase();\n',

  'src/shared/constants.ts': `
export const TAX = 0.19;
export const UNUSED = 1;
/** What an order can be. */
export const STATUS = { open: 'open', paid: 'paid' } as const;
`,
  'src/shared/money.ts': `
import { TAX } from './constants.ts';
const CENTS = 100;
export function round(amount: number): number {
  return Math.round(amount * CENTS) / CENTS;
}
export function withTax(amount: number, tax = TAX): number {
  const total = amount * (1 + tax);
  return round(total);
}
export function asText(amount: number): string {
  return \`\${round(amount)} EUR\`;
}
`,
  'src/shared/order-total.ts': `
import { withTax } from './money.ts';
import type { Line } from './types.ts';
export const orderTotal = (lines: readonly Line[]): number => withTax(lines.reduce((sum, { price }) => sum + price, 0));
`,
  'src/shared/types.ts': `
export interface Line {
  readonly price: number;
}
export type Currency = 'EUR' | 'USD';
`,
  'src/shared/index.ts': `
export * from './money.ts';
export { orderTotal } from './order-total.ts';
export { Basket } from './basket.ts';
export type { Line } from './types.ts';
`,
  'src/shared/basket.ts': `
import { round } from './money.ts';
export class Basket {
  static readonly limit = 10;
  readonly #prices: number[] = [];
  add(price: number): this {
    if (this.#prices.length < Basket.limit) this.#prices.push(price);
    return this;
  }
  total(): number {
    return round(this.#prices.reduce((sum, price) => sum + price, 0));
  }
}
`,
  'src/shared/countries.json': JSON.stringify({ de: 'Germany', fr: 'France' }),
  'src/shared/setup.ts': `
import { STATUS } from './constants.ts';
const place = globalThis as { shop?: string };
place.shop = STATUS.open;
place.shop += '!';
`,
  'src/render.ts': `
import { asText } from './shared/money.ts';
export const render = (amounts: readonly number[]): string => amounts.map(asText).join('\\n');
`,

  'src/assets/orders.ts': `
import { asset, onCron, table } from 'spindle';
import { z } from 'zod';
import { orderTotal } from '../shared/index.ts';
import { STATUS } from '../shared/constants.ts';

const Order = z.object({ id: z.string(), total: z.number(), status: z.string() });
const Refund = z.object({ id: z.string(), amount: z.number() });

function negative(amount: number): number {
  return -amount;
}

function lines(count: number) {
  return Array.from({ length: count }, (_, index) => ({ price: index }));
}

export const orders = asset('orders', {
  description: 'What people ordered.',
  group: 'sales',
  owners: ['anna'],
  store: table('shop.orders', Order, { key: ['id'], write: 'merge' }),
  config: z.object({ size: z.int().default(3) }),
  automation: onCron('0 * * * *'),
}).run((_, { config }) => [{ id: 'a', total: orderTotal(lines(config.size)), status: STATUS.paid }]);

export const refunds = asset('refunds', { store: table('shop.refunds', Refund), deps: { orders } }).run(async ({ orders }) => {
  const all = await orders.all();
  return all.map(({ id, total }) => ({ id, amount: negative(total) }));
});
`,
  'src/assets/customers.ts': `
import { asset, value } from 'spindle';
import { slug } from 'slug';
import { z } from 'zod';
import { Basket } from '../shared/basket.ts';

const shared = { owners: ['ben'], group: 'people' } as const;
export const Customer = z.object({ name: z.string(), baskets: z.int().default(1) });
export const customers = asset('customers', { ...shared, description: 'Who ordered.', store: value(z.array(Customer)) }).run(() => [
  { name: slug('Anna'), baskets: new Basket().add(1).total() },
]);
`,
  'src/assets/factory.ts': `
import { asset, value } from 'spindle';
import countries from '../shared/countries.json' with { type: 'json' };
import { asText } from '../shared/money.ts';
import { orders } from './orders.ts';

type Country = keyof typeof countries;
/** Sales of one country. */
export const sales = <K extends string>(key: K, country: Country, factor = 1) =>
  asset(key, { store: value<string>(), deps: { orders }, tags: { team: 'sales' } }).run(async ({ orders }) => {
    const count = await orders.count();
    return \`\${countries[country]}: \${asText(count * factor)}\`;
  });
`,
  'src/assets/sales.ts': `
import { sales } from './factory.ts';
export const germany = sales('sales/de', 'de');
export const france = sales('sales/fr', 'fr', 2);
`,
  'src/assets/report.ts': `
import '../shared/setup.ts';
import { asset, value } from 'spindle';
import { customers } from './customers.ts';
import { orders } from './orders.ts';
export const report = asset('report', { store: value<string>(), deps: { customers, orders }, retry: { attempts: 2 }, pool: 'render' }).run(
  async ({ customers }) => {
    const { render } = await import('../render.ts');
    return render(customers.map(({ baskets }) => baskets));
  },
);
`,
  'src/project.ts': `
import { defineProject } from 'spindle';
import * as customers from './assets/customers.ts';
import * as orders from './assets/orders.ts';
import { report } from './assets/report.ts';
import { france, germany } from './assets/sales.ts';
export const project = defineProject({
  name: 'shop',
  assets: [orders.orders, orders.refunds, customers.customers, germany, france, report],
  environments: { local: {} },
});
`,
} satisfies Files;
