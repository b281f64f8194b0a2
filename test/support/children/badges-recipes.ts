/** What an application names with `--recipes`. */
export { recipes } from '../../e2e/outside-recipe/badges/recipes.js';
