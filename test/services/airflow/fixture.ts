import { fileURLToPath } from 'node:url';

/** The absolute path of a hand-written DAG file or of a folder of them. */
export const fixture = (path: string): string => fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));
