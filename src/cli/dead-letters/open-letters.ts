import type { Warehouse } from '../../runtime/resource/warehouse.ts';
import type { OpenEnvironment } from '../environment.ts';
import type { LetterSource } from './letter-sources.ts';

/** A table of dead letters that is there, and the landings whose records may lie in it. */
export interface OpenLetters {
  readonly table: string;
  readonly warehouse: Warehouse;
  readonly sources: readonly LetterSource[];
}

/** The tables of dead letters of some landings, each once; those that no load has made yet are left out. */
export async function openLetters(sources: readonly LetterSource[], environment: OpenEnvironment): Promise<readonly OpenLetters[]> {
  const wanted = new Map<string, { readonly name: string; readonly table: string; readonly sources: LetterSource[] }>();
  for (const source of sources) {
    for (const { warehouse: name, deadLetters: table } of source.tables) {
      const known = wanted.get(`${name} ${table}`) ?? { name, table, sources: [] };
      if (!known.sources.includes(source)) known.sources.push(source);
      wanted.set(`${name} ${table}`, known);
    }
  }
  const open: OpenLetters[] = [];
  for (const { name, table, sources: found } of wanted.values()) {
    const warehouse = (await environment.open(name)) as Warehouse;
    if ((await warehouse.tables()).some((existing) => existing.name === table)) open.push({ table, warehouse, sources: found });
  }
  return open;
}
