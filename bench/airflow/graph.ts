export const SHAPES = ['chain', 'fan'] as const;
/** `chain`: each asset reads the one before it. `fan`: layers of a hundred, each asset reads two of the layer before. */
export type Shape = (typeof SHAPES)[number];

const WIDTH = 100;

/** Of each asset by its number, those that it reads. */
export function readsOf(shape: Shape, count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, index) => {
    if (shape === 'chain') return index === 0 ? [] : [index - 1];
    const before = Math.floor(index / WIDTH) * WIDTH - WIDTH;
    return before < 0 ? [] : [...new Set([before + (index % WIDTH), before + ((index + 1) % WIDTH)])];
  });
}

export const keyOf = (index: number): string => `layer/asset_${String(index).padStart(4, '0')}`;
