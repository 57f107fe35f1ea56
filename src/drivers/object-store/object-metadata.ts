import { SpindleError } from '../../runtime/errors.ts';

/** What S3 keeps beside an object at most, names and values together. */
const METADATA_BYTES = 2048;

/** Metadata as every object store keeps them: names in lower case. VALUE_INVALID for what some object store could not give back as it is. */
export function checkMetadata(key: string, metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const checked: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    const lower = name.toLowerCase();
    if (!/^[a-z\d][\w.-]*$/i.test(name))
      throw invalid(key, `${JSON.stringify(name)} is no name of letters, digits, '-', '_' and '.' that begins with a letter or digit`);
    if (Object.hasOwn(checked, lower)) throw invalid(key, `'${lower}' is there twice`);
    if (!/^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$/.test(value))
      throw invalid(key, `the value of '${name}' is not printable ASCII without spaces around it`);
    bytes += name.length + value.length;
    checked[lower] = value;
  }
  if (bytes > METADATA_BYTES) throw invalid(key, `they are ${bytes} bytes, and ${METADATA_BYTES} is the most`);
  return checked;
}

function invalid(key: string, problem: string): SpindleError {
  return new SpindleError('VALUE_INVALID', `the metadata of object '${key}' cannot be kept: ${problem}`, {
    remedy: 'Write in the object itself what its metadata cannot hold.',
  });
}
