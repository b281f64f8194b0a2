import { giveBackOfFileBefore } from './kept-schemas.js';

await giveBackOfFileBefore();
