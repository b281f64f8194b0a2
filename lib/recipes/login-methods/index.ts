export { FirstFactorsOfTenants, LoginMethodsFunctions, type LoginMethods } from './login-methods.functions.js';
export { FORMER_LOGIN_METHODS, type FormerLoginMethods, withLoginMethods } from './login-methods.recipe.js';
export { loginMethodsRoute } from './login-methods.routes.js';
