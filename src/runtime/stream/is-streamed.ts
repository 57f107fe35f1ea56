import type { AssetDefinition } from '../declare/definition.ts';

/** True for what can be kept running: it has a function, and a store that streams. */
export const isStreamed = ({ store, run }: AssetDefinition): boolean => store?.spec.stream !== undefined && run !== undefined;
