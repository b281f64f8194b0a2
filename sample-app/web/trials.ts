/** Something that shows an override at work, without an account. */
export interface Trial {
  label: string;
  /** @returns what the server answered, as text */
  run(): Promise<string>;
}

const SIGN_INS = 11;

/** By the class of the override. */
export const trials: Record<string, Trial | undefined> = {
  InviteOnly: {
    label: 'Sign up as eve@elsewhere.test',
    run: () => post('/auth/signup', { email: 'eve@elsewhere.test', password: 'correct horse 1' }),
  },
  LimitsInOurWords: {
    label: `Guess ${SIGN_INS} passwords`,
    async run() {
      const email = `guessed-${Date.now()}@example.com`;
      let answer = '';
      for (let time = 0; time < SIGN_INS; time++)
        answer = await post('/auth/signin', { email, password: `guess ${time}` });
      return answer;
    },
  },
};

async function post(path: string, fields: Record<string, string>): Promise<string> {
  const formFields = Object.entries(fields).map(([id, value]) => ({ id, value }));
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'st-auth-mode': 'cookie' },
    body: JSON.stringify({ formFields }),
  });
  return `POST ${path} → ${response.status}\n${JSON.stringify(await response.json(), undefined, 2)}`;
}
