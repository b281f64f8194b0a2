import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  expiresAtMs: number;
}

/** Where a provider keeps its sessions, codes and tokens: in this process, until it ends. */
export function memoryAdapter(): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  const payloadOf = (key: string) => {
    const entry = entries.get(key);
    if (entry !== undefined && entry.expiresAtMs > Date.now()) return entry.payload;
    entries.delete(key);
    return undefined;
  };
  const search = (prefix: string, matches: (payload: AdapterPayload) => boolean) =>
    [...entries.keys()].filter((key) => key.startsWith(prefix) && matches(payloadOf(key) ?? {}));

  return (model) => ({
    async upsert(id, payload, expiresInSeconds) {
      entries.set(`${model}:${id}`, { payload, expiresAtMs: Date.now() + (expiresInSeconds || Infinity) * 1000 });
    },
    async find(id) {
      return payloadOf(`${model}:${id}`);
    },
    async findByUid(uid) {
      const [key] = search(`${model}:`, (payload) => payload.uid === uid);
      return key === undefined ? undefined : payloadOf(key);
    },
    async findByUserCode(userCode) {
      const [key] = search(`${model}:`, (payload) => payload.userCode === userCode);
      return key === undefined ? undefined : payloadOf(key);
    },
    async consume(id) {
      const payload = payloadOf(`${model}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const key of search(`${model}:`, (payload) => payload.grantId === grantId)) entries.delete(key);
    },
  });
}
