import { defineRecipe, type AuthRoutes } from 'latchkey';

interface PingOptions {
  times?: number;
}

class PingApi {
  async pingGET(_input: { options: never; name: string }) {
    return { status: 'OK' as const };
  }
}

class PingFunctions {
  async ping(): Promise<void> {}
}

const routes: AuthRoutes<PingApi> = { pingGET: { method: 'GET', paths: ['ping'], input: () => ({ name: 'Ada' }) } };
const definition = {
  id: 'ping',
  name: 'PingRecipe',
  api: PingApi,
  functions: PingFunctions,
  routes,
  config: Symbol('ping'),
};

/** Nothing is needed, so that nothing need be given. */
const PingRecipe = defineRecipe({ ...definition, normalise: (options: PingOptions) => options });
/** One is. */
const StrictRecipe = defineRecipe({ ...definition, normalise: (options: Required<PingOptions>) => options });

class LouderPing extends PingFunctions {}

export const recipeList = [
  PingRecipe.init(),
  PingRecipe.init({ times: 2, override: { functions: LouderPing } }),
  PingRecipe.initAsync({ useFactory: () => ({ times: 2 }), override: { functions: [(Base) => Base] } }),
  StrictRecipe.init({ times: 2 }),
  // @ts-expect-error no such option
  PingRecipe.init({ count: 2 }),
  // @ts-expect-error of another type
  PingRecipe.init({ times: '2' }),
  // @ts-expect-error not a class of its functions
  PingRecipe.init({ override: { functions: Date } }),
  // @ts-expect-error an option is needed
  StrictRecipe.init(),
  // @ts-expect-error the factory leaves it out
  StrictRecipe.initAsync({ useFactory: () => ({}) }),
];

// @ts-expect-error the method has another input
export const wrongRoutes: AuthRoutes<PingApi> = { pingGET: { method: 'GET', paths: ['ping'], input: () => ({}) } };
export const wrongVerb: AuthRoutes<PingApi> = {
  // @ts-expect-error no such verb
  pingGET: { method: 'PATCH', paths: ['ping'], input: () => ({ name: 'Ada' }) },
};
