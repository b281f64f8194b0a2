// Who guesses in bench/limits.ts, in a process of its own so that sending does not hold up those who are measured.
import { GUESS, type Answers, type Attack } from './limits-attack.js';

/** So many guesses wait for their answer at once. */
const AT_ONCE = 32;

process.on('message', (attack: Attack) => void carryOut(attack).then((answers) => process.send!(answers)));
process.once('disconnect', () => process.exit(0));

async function carryOut(attack: Attack): Promise<Answers> {
  const answers: Answers = { wrong: 0, limited: 0, overloaded: 0, other: 0 };
  let next = 0;
  let answered = 0;
  const guessOn = async () => {
    for (let at = next++; at < attack.guesses; at = next++) {
      answers[await guess(attack, at)]++;
      if (++answered === Math.ceil(attack.guesses / 2)) process.send!('half');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, guessOn));
  return answers;
}

async function guess({ replicas, emails, addresses }: Attack, at: number): Promise<keyof Answers> {
  const fields = { email: emails[at % emails.length], password: GUESS };
  const response = await fetch(`${replicas[at % replicas.length]}/auth/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': addresses[at % addresses.length]! },
    body: JSON.stringify({ formFields: Object.entries(fields).map(([id, value]) => ({ id, value })) }),
  });
  const { status } = (await response.json().catch(() => ({}))) as { status?: string };
  if (response.status === 503) return 'overloaded';
  if (status === 'WRONG_CREDENTIALS_ERROR') return 'wrong';
  return status === 'GENERAL_ERROR' ? 'limited' : 'other';
}
