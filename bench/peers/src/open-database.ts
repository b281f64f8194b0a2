/** SQLite in memory, by the package that the peer's documentation uses, or by Node's where that one has no binary. */
export async function openDatabase() {
  try {
    const { default: Database } = await import('better-sqlite3');
    return new Database(':memory:');
  } catch {
    const { DatabaseSync } = await import('node:sqlite' as string);
    return new DatabaseSync(':memory:');
  }
}
