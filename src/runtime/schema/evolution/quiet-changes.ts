import { canonicalJson } from '../../digest.ts';
import type { Atom, Node } from './atom.ts';
import { atomsOf } from './atoms-of.ts';
import type { Change } from './change.ts';
import { alternativeNames, objectsOf } from './discriminator.ts';
import { annotations, isSchemaObject, resolveReference, type JsonSchema } from './json-schema.ts';
import { fieldPath } from './reason.ts';

/** What changed without a consequence for any record: fields that are new and may be left out, optional ones that went, documentation. */
export function quietChanges(before: Node, after: Node): readonly Change[] {
  return walk({ before, after, path: '', seen: [] });
}

interface Step {
  readonly before: Node;
  readonly after: Node;
  readonly path: string;
  /** Places above this one: a schema may hold itself. */
  readonly seen: readonly string[];
}

function walk(step: Step): readonly Change[] {
  const { before, after, path, seen } = step;
  const key = canonicalJson([before.all, after.all]);
  if (seen.includes(key)) return [];
  const [was, is] = [atomsOf(before), atomsOf(after)];
  const inner = { ...step, seen: [...seen, key] };
  const documented =
    canonicalJson(before.all.map((schema) => documentation(schema, before.root))) !==
    canonicalJson(after.all.map((schema) => documentation(schema, after.root)));
  return [
    ...(documented ? [compatible(path, 'documentation', 'is described otherwise')] : []),
    ...objectsOf(is).flatMap((object) => objectChanges(object, { was, is }, inner)),
    ...listChanges(was, is, inner),
  ];
}

const compatible = (path: string, kind: Change['kind'], text: string): Change => ({ path, kind, class: 'compatible', text });

/** Annotations of a place; those of what it refers to as well. */
function documentation(schema: JsonSchema, root: JsonSchema): unknown {
  if (!isSchemaObject(schema)) return {};
  const target = typeof schema['$ref'] === 'string' ? resolveReference(root, schema['$ref']) : undefined;
  return { ...(isSchemaObject(target) && annotations(target)), ...annotations(schema) };
}

interface Sides {
  readonly was: readonly Atom[];
  readonly is: readonly Atom[];
}

function objectChanges(object: Atom & { readonly kind: 'object' }, { was, is }: Sides, step: Step): readonly Change[] {
  const [name, oldNames] = [alternativeNames(is)(object), alternativeNames(was)];
  const [before, ...more] = objectsOf(was).filter((other) => oldNames(other) === name);
  if (before === undefined || more.length > 0) return [];
  const path = step.path + name;
  const names = new Set([...before.fields.keys(), ...object.fields.keys()]);
  const changes = [...names].flatMap((field): readonly Change[] => {
    const [old, now] = [before.fields.get(field), object.fields.get(field)];
    const inner = fieldPath(path, field);
    if (old !== undefined && now !== undefined) return walk({ ...step, before: old.node, after: now.node, path: inner });
    if (now !== undefined) return now.required ? [] : [compatible(inner, 'added', 'is new, and may be left out')];
    return old?.required === true ? [] : [compatible(inner, 'removed', 'is no longer declared: a value is kept as an unknown field')];
  });
  if (typeof before.others === 'string' || typeof object.others === 'string') return changes;
  return [...changes, ...walk({ ...step, before: before.others, after: object.others, path: fieldPath(path, '*') })];
}

function listChanges(was: readonly Atom[], is: readonly Atom[], step: Step): readonly Change[] {
  const [before, after] = [was, is].map((atoms) => atoms.filter((atom) => atom.kind === 'list'));
  const [old, now] = [before?.[0], after?.[0]];
  if (old === undefined || now === undefined || before?.length !== 1 || after?.length !== 1) return [];
  return [
    ...now.first.flatMap((item, index) =>
      walk({ ...step, before: old.first[index] ?? old.rest, after: item, path: `${step.path}[${index}]` }),
    ),
    ...walk({ ...step, before: old.rest, after: now.rest, path: `${step.path}[]` }),
  ];
}
