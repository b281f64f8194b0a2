/**
 * Measures each item in every round, in both directions by turns, so that a drift of the machine's speed meets all alike.
 * @returns what was measured of each, by its round
 */
export async function inTurns<Item, Measured>(
  items: readonly Item[],
  rounds: number,
  measure: (item: Item) => Promise<Measured>,
): Promise<Map<Item, Measured[]>> {
  const measured = new Map<Item, Measured[]>(items.map((item) => [item, []]));
  for (let round = 0; round < rounds; round++) {
    for (const item of round % 2 === 0 ? items : items.toReversed()) measured.get(item)!.push(await measure(item));
  }
  return measured;
}
