import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { fieldTypes } from '../schema/field-types.ts';
import type { Fields } from './event.ts';

/** What is recorded beside an asset's versions, so that a later plan can say what changed. */
export interface RecordedFields {
  readonly config?: Fields;
  readonly schema?: Fields;
}

/** The fields of an asset's config and of its store's schema; worked out once for each asset of a run. */
export function createRecordedFields(
  config: (asset: AssetDefinition) => Readonly<Record<string, unknown>>,
): (asset: AssetDefinition) => RecordedFields {
  const known = new Map<string, RecordedFields>();
  return (asset) => {
    const fields = known.get(asset.key) ?? fieldsOf(asset, config);
    known.set(asset.key, fields);
    return fields;
  };
}

function fieldsOf(asset: AssetDefinition, config: (asset: AssetDefinition) => Readonly<Record<string, unknown>>): RecordedFields {
  const schema = asset.store?.spec.schema && fieldTypes(asset.store.spec.schema);
  return {
    ...(asset.config !== undefined && {
      config: Object.fromEntries(Object.entries(config(asset)).map(([name, value]) => [name, valueText(value)])),
    }),
    ...(schema !== undefined && { schema }),
  };
}

const LONGEST = 60;

/** A long value is cut, and told from another one by its digest. */
function valueText(value: unknown): string {
  const text = canonicalJson(value) ?? 'undefined';
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST / 2)}… (${digest(text).slice(0, 8)})`;
}
