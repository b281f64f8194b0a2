import { Facts, type Fact } from 'latchkey';

declare module 'latchkey' {
  interface FactNames {
    shoeSize: true;
  }
}

/** An application announces the facts of the recipes and those it has added. */
export async function announces(facts: Facts): Promise<void> {
  await facts.announce({ fact: 'email', recipeUserId: 'r' });
  await facts.announce({ fact: 'shoeSize', userId: 'u' });
  const known: Fact = 'emailVerification';
  await facts.announce({ fact: known, userId: 'u' });
  // @ts-expect-error nobody has declared it
  await facts.announce({ fact: 'hatSize', userId: 'u' });
  // @ts-expect-error nobody is named
  await facts.announce({ fact: 'email' });
}
