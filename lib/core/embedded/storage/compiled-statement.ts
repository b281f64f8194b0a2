import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { SqlAuthDatabase } from './sql-auth-database.js';
import type { Tables } from './tables.js';

/** Stands for a value in the text of a statement. Whatever counts with it, instead of handing it on, fails. */
class Placeholder {
  constructor(readonly name: string) {}

  [Symbol.toPrimitive](): never {
    throw new Error(`The value ${this.name} is not known when the statement is compiled. Compute with it before`);
  }
}

/**
 * A statement that is built and compiled once, and runs with other values each time. For what runs with every sign-in and
 * refresh: building it costs more than SQLite takes to run it.
 */
export class CompiledStatement<Values extends object, Row> {
  /** By which values there are. */
  private readonly compiled = new Map<string, CompiledQuery<Row>>();

  /** @param build hands the values on as they are: it gets placeholders */
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly build: (db: Kysely<Tables>, values: Values) => Compilable<Row>,
  ) {}

  /** Runs in the caller's transaction if there is one. */
  async execute(values: Values): Promise<Row[]> {
    const names = Object.keys(values);
    const key = names.join();
    let compiled = this.compiled.get(key);
    if (compiled === undefined) {
      const placeholders = Object.fromEntries(names.map((name) => [name, new Placeholder(name)]));
      compiled = this.build(await this.database.tables(), placeholders as Values).compile();
      this.compiled.set(key, compiled);
    }
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.name as keyof Values] : parameter,
    );
    return this.database.run({ ...compiled, parameters });
  }
}
