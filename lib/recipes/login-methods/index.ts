export { LoginMethodsFunctions, type LoginMethods } from './login-methods.functions.js';
export { withLoginMethods } from './login-methods.recipe.js';
export { loginMethodsRoute } from './login-methods.routes.js';
