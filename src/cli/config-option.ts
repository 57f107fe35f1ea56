import { SpindleError } from '../runtime/errors.ts';
import type { Graph } from '../runtime/graph/graph.ts';
import type { Configured } from '../runtime/run/fixture.ts';

/** Reads `--config asset/key.field=value`: the value is JSON where it parses as such, else text. */
export function parseConfig(options: readonly string[], graph: Graph): readonly Configured[] {
  return options.map((option) => {
    const [, asset = '', field = '', text = ''] = /^([^=]+)\.([^.=]+)=(.*)$/s.exec(option) ?? [];
    if (asset === '') {
      throw new SpindleError('USAGE', `--config "${option}" is not written as asset.field=value.`, {
        field: '--config',
        remedy: 'Write for example: --config stream/plays.events=1000',
      });
    }
    graph.get(asset);
    return { asset, values: { [field]: parseValue(text) } };
  });
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
