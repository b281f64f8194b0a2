import { cores, persistentCores } from './cores.js';

const isEmbedded = ({ name }: { name: string }): boolean => name.startsWith('embedded');

/** For what a core in another process does not offer, such as transactions. */
export const embeddedCores = cores.filter(isEmbedded);
export const persistentEmbeddedCores = persistentCores.filter(isEmbedded);
