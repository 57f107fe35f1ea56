/** A part of a name as SQL has it: folded to upper case, or in quotes as it was made. */
const PART = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)`;
const NAME = new RegExp(`^${PART}$`);
const STAGE = new RegExp(`^(?:(${PART})\\.)?(${PART})\\.(${PART})$`);

/** Where a stage is, each part quoted. The database is that of the connection where the name tells none. */
export interface StageName {
  readonly database: string | undefined;
  readonly schema: string;
  readonly stage: string;
}

export const STAGE_NAME_PROBLEM = 'is no name of a stage, as schema.stage or database.schema.stage';

/** Whether a text is the name of one object, without those that it lies in. */
export const isIdentifier = (text: string): boolean => NAME.test(text);

/** The name as it stands between quotes. */
export const quoteGiven = (part: string): string => (part.startsWith('"') ? part : `"${part.toUpperCase()}"`);

/** The parts of `database.schema.stage` or `schema.stage`; undefined for any other text. */
export function parseStageName(text: string): StageName | undefined {
  const [, database, schema, stage] = STAGE.exec(text) ?? [];
  if (schema === undefined || stage === undefined) return undefined;
  return { database: database === undefined ? undefined : quoteGiven(database), schema: quoteGiven(schema), stage: quoteGiven(stage) };
}
