import {
  AuthModule,
  EmailPasswordFunctions,
  EmailPasswordRecipe,
  Session,
  SessionFunctions,
  SessionRecipe,
} from '../../../dist/lib/index.js';
import type { Peer } from './peer.js';

const origin = 'http://localhost:3000';

export function latchkey(): Peer {
  return {
    imports: [
      AuthModule.forRoot({
        appInfo: { appName: 'Bench', apiDomain: origin, websiteDomain: origin },
        core: { sqlite: ':memory:' },
        recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init()],
      }),
    ],
    guard: Session(),
    async signUp(app) {
      const signedUp = await app.get(EmailPasswordFunctions).signUp({ email: 'a@example.com', password: 'bench-1234' });
      if (signedUp.status !== 'OK') throw new Error(signedUp.status);
      const session = await app.get(SessionFunctions).createNewSession({ userId: signedUp.user.id });
      const token = session.getAccessToken();
      return { header: { authorization: `Bearer ${token}` }, cookie: { cookie: `sAccessToken=${token}` } };
    },
  };
}
