import { shellWord } from '../../runtime/shell-word.ts';

/** A call of a generator as a shell takes it, with those of its options that are named and were given. */
export function callOf<N extends string>(
  generator: string,
  args: { readonly [K in N]?: string | undefined } & { readonly 'allow-lossy': boolean },
  names: readonly N[],
): string {
  const options = names.flatMap((name) => {
    const value: string | undefined = args[name];
    return value === undefined ? [] : [`--${name}`, shellWord(value)];
  });
  return ['npx spindle generate', generator, ...options, ...(args['allow-lossy'] ? ['--allow-lossy'] : [])].join(' ');
}
