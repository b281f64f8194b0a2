import { BadgesRecipe } from './badges.recipe.js';

export const recipes = [BadgesRecipe.init()];
