import type { KyselyPlugin, PluginTransformResultArgs, QueryResult, RootOperationNode, UnknownRow } from 'kysely';

/**
 * Makes numbers of our times, which pg hands over as text because a bigint may exceed what a number holds;
 * milliseconds do not before the year 287396. Done here, and by the column's name, because it then holds for
 * every pool: pg's type parsers belong to the application, and so does the pool it may have given us.
 */
export class MillisecondsPlugin implements KyselyPlugin {
  transformQuery({ node }: { node: RootOperationNode }): RootOperationNode {
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const [first] = result.rows;
    const columns = Object.keys(first ?? {}).filter((column) => column.endsWith('_ms'));
    for (const row of result.rows) {
      for (const column of columns) row[column] = toNumber(row[column]);
    }
    return result;
  }
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'bigint' ? Number(value) : value;
}
