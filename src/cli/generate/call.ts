import { shellWord } from '../../runtime/shell-word.ts';

/** A call of a generator as a shell takes it, with those of its options that are named and were given. */
export function callOf<N extends string>(
  generator: string,
  args: { readonly [K in N]?: string | boolean | undefined },
  names: readonly N[],
): string {
  const options = names.flatMap((name) => {
    const value: string | boolean | undefined = args[name];
    if (typeof value === 'string') return [`--${name}`, shellWord(value)];
    return value ? [`--${name}`] : [];
  });
  return ['npx spindle generate', generator, ...options].join(' ');
}
