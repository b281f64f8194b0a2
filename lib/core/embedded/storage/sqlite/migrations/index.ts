import type { Migrations } from '../../storage-dialect.js';
import * as initial from './0001-initial.js';

export const sqliteMigrations: Migrations = {
  '0001-initial': initial,
};
