import { generateJsonSchema } from '../../codegen/json-schema/generate-json-schema.ts';
import type { Session } from '../session.ts';
import type { Generated } from './generators.ts';
import { originOf, outFolder } from './origin.ts';
import type { OutArguments } from './schema-options.ts';

/** The schemas of a project's topics. */
export function generate(session: Session, { out }: OutArguments): Generated {
  const folder = outFolder(out, 'generated/json-schema');
  const files = generateJsonSchema({ graph: session.graph, folder, origin: originOf(session, 'jsonschema', { out }) });
  return { files, owns: [{ folder, ending: '.schema.json', deep: false }], notes: [] };
}
