import { generateDdl } from '../../codegen/ddl/generate-ddl.ts';
import { DIALECTS } from '../../runtime/schema/dialect.ts';
import type { Session } from '../session.ts';
import type { Generated } from './generators.ts';
import { originOf, outFolder } from './origin.ts';
import type { DdlArguments } from './schema-options.ts';

/** The tables of a project as SQL. */
export function generate(session: Session, { dialect, out }: DdlArguments): Generated {
  const folder = outFolder(out, 'generated/ddl');
  const dialects = dialect === undefined ? DIALECTS : [dialect];
  const files = generateDdl({ graph: session.graph, dialects, folder, origin: originOf(session, 'ddl', { out }) });
  return { files, owns: dialect === undefined ? [{ folder, ending: '.sql', deep: false }] : [], notes: [] };
}
