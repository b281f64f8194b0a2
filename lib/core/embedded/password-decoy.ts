import { randomBytes } from 'node:crypto';

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const ARGON2 = /^(\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=\d+,t=\d+,p=\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const SCRYPT = /^(\$scrypt\$ln=\d+,r=\d+,p=\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const FIREBASE = /^\$f_scrypt\$([^$]+)\$([^$]+)\$(m=\d+\$r=\d+)\$s=([^$]*)$/;

/** A hash says itself what verifying it costs. @returns the same text for hashes that cost the same */
export function hashingCost(passwordHash: string): string {
  const [, bcryptCost] = BCRYPT.exec(passwordHash) ?? [];
  if (bcryptCost !== undefined) return `bcrypt ${bcryptCost}`;
  const [, parameters] = ARGON2.exec(passwordHash) ?? SCRYPT.exec(passwordHash) ?? [];
  if (parameters !== undefined) return parameters;
  const [, , , firebaseParameters] = FIREBASE.exec(passwordHash) ?? [];
  if (firebaseParameters !== undefined) return `f_scrypt ${firebaseParameters}`;
  return 'unknown';
}

/** @returns a hash of the same cost that no password matches; undefined for forms that are not known here */
export function decoyOf(passwordHash: string): string | undefined {
  const [, bcryptCost] = BCRYPT.exec(passwordHash) ?? [];
  // The last letter of a salt stands for fewer bits, so not every letter may be there.
  if (bcryptCost !== undefined) return `$2b$${bcryptCost}$${bcryptText(21)}u${bcryptText(30)}u`;
  const [, parameters, salt, digest] = ARGON2.exec(passwordHash) ?? SCRYPT.exec(passwordHash) ?? [];
  if (parameters !== undefined) return `${parameters}$${randomLike(salt!)}$${randomLike(digest!)}`;
  const [, hash, firebaseSalt, costs, separator] = FIREBASE.exec(passwordHash) ?? [];
  if (hash === undefined) return undefined;
  const [decoyHash, decoySalt] = [hash, firebaseSalt!].map((text) =>
    randomBytes(Buffer.from(text, 'base64').length).toString('base64'),
  );
  return `$f_scrypt$${decoyHash}$${decoySalt}$${costs}$s=${separator}`;
}

/** Random bytes of the same length, in base64 without padding. */
function randomLike(text: string): string {
  return randomBytes(Buffer.from(text, 'base64').length).toString('base64').replace(/=+$/, '');
}

function bcryptText(letters: number): string {
  return randomBytes(letters).toString('base64').replaceAll('+', '.').slice(0, letters);
}
