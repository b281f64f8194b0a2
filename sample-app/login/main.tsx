import { createRoot } from 'react-dom/client';
import SuperTokens, { SuperTokensWrapper } from 'supertokens-auth-react';
import EmailPassword from 'supertokens-auth-react/recipe/emailpassword';
import { EmailPasswordPreBuiltUI } from 'supertokens-auth-react/recipe/emailpassword/prebuiltui';
import EmailVerification from 'supertokens-auth-react/recipe/emailverification';
import { EmailVerificationPreBuiltUI } from 'supertokens-auth-react/recipe/emailverification/prebuiltui';
import Session from 'supertokens-auth-react/recipe/session';
import ThirdParty from 'supertokens-auth-react/recipe/thirdparty';
import { ThirdPartyPreBuiltUI } from 'supertokens-auth-react/recipe/thirdparty/prebuiltui';
import { canHandleRoute, getRoutingComponent } from 'supertokens-auth-react/ui';
import { apiDomain, tokenTransferMethod } from '../web/api.js';
import { AccountPage } from './account-page.js';
import { palette } from './palette.js';

const root = document.getElementById('root')!;
/** As the server fills it in; without a provider both are empty. */
const { providerId: id = '', providerName: name = '' } = root.dataset;

const ACCOUNT_PATH = '/login/account';

SuperTokens.init({
  appInfo: {
    appName: 'Latchkey sample',
    apiDomain,
    websiteDomain: location.origin,
    apiBasePath: '/auth',
    // On one origin the page must not be where the API is.
    websiteBasePath: '/login',
  },
  style: palette,
  getRedirectionURL: async ({ action }) => (action === 'SUCCESS' ? ACCOUNT_PATH : undefined),
  recipeList: [
    EmailPassword.init(),
    ...(id === '' ? [] : [ThirdParty.init({ signInAndUpFeature: { providers: [{ id, name }] } })]),
    EmailVerification.init({ mode: 'OPTIONAL' }),
    Session.init({ tokenTransferMethod }),
  ],
});

const prebuiltUIs = [
  EmailPasswordPreBuiltUI,
  ...(id === '' ? [] : [ThirdPartyPreBuiltUI]),
  EmailVerificationPreBuiltUI,
];

function App() {
  if (canHandleRoute(prebuiltUIs)) return getRoutingComponent(prebuiltUIs);
  return <AccountPage />;
}

createRoot(root).render(
  <SuperTokensWrapper>
    <App />
  </SuperTokensWrapper>,
);
