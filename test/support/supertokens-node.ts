import supertokens from 'supertokens-node';
import * as EmailPassword from 'supertokens-node/recipe/emailpassword';
import * as EmailVerification from 'supertokens-node/recipe/emailverification';
import * as Multitenancy from 'supertokens-node/recipe/multitenancy';
import * as Session from 'supertokens-node/recipe/session';
import * as ThirdParty from 'supertokens-node/recipe/thirdparty';
import * as UserMetadata from 'supertokens-node/recipe/usermetadata';
import * as UserRoles from 'supertokens-node/recipe/userroles';

/** Its state is global: once for each test file, which Jest gives modules of its own. */
export function initSupertokensNode(connectionURI: string, apiKey?: string): void {
  supertokens.init({
    telemetry: false,
    supertokens: { connectionURI, apiKey },
    appInfo: { appName: 'Test', apiDomain: 'http://127.0.0.1:3001', websiteDomain: 'http://127.0.0.1:3000' },
    recipeList: [
      EmailPassword.init(),
      EmailVerification.init({ mode: 'OPTIONAL' }),
      ThirdParty.init(),
      Multitenancy.init(),
      UserMetadata.init(),
      UserRoles.init(),
      Session.init(),
    ],
  });
}
