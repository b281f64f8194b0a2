// Makes lib/passwords/common-passwords.data.ts of a published list of common passwords.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const LIST = '@zxcvbn-ts/language-common';
const require = createRequire(import.meta.url);
const { version } = require(`${LIST}/package.json`);
/** Of a list by how common they are. */
const COUNT = 20_000;
const passwords = JSON.parse(readFileSync(require.resolve(`${LIST}/src/passwords.json`), 'utf8')).slice(0, COUNT);

// The first 32 bits of SHA-256 of each in lower case, as lib/passwords/common-passwords.ts makes them, in ascending order.
const hashes = passwords.map((password) => createHash('sha256').update(password.toLowerCase()).digest().readUInt32BE());
const sorted = [...new Set(hashes)].sort((a, b) => a - b);
const bytes = Buffer.alloc(sorted.length * 4);
for (const [at, hash] of sorted.entries()) bytes.writeUInt32BE(hash, at * 4);

const text = `// Made by scripts/common-passwords.js of the first ${passwords.length} passwords of ${LIST} ${version}:
// Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc., Copyright (c) 2021 @zxcvbn-ts, under the MIT License.

/** Sorted 32-bit hashes, big-endian, in base64. */
export const COMMON_PASSWORD_HASHES: string =
  '${bytes.toString('base64')}';
`;
writeFileSync(fileURLToPath(new URL('../lib/passwords/common-passwords.data.ts', import.meta.url)), text);
