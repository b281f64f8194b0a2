/** The browser goes on to the sample from here, and takes its style from there. */
export function loginPageHeaders(sampleURL: string): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src ${sampleURL}; form-action 'self' ${sampleURL}; frame-ancestors 'none'`,
  };
}

export function loginPage(sampleURL: string): string {
  return page(
    sampleURL,
    `
  <h1>Local ID</h1>
  <p class="hint">
    This stands for Google, GitHub and their like. It believes whatever you say; a real one would ask for a password.
  </p>
  <form method="post">
    <label for="email">Email</label>
    <input id="email" name="email" type="email" autocomplete="off" value="you@example.com" required autofocus />
    <p><label><input type="checkbox" name="verified" value="yes" checked /> The address is verified</label></p>
    <button type="submit">Continue to the sample</button>
    <button type="submit" class="quiet" name="cancel" value="yes" formnovalidate>Cancel</button>
  </form>`,
  );
}

export function tooLatePage(sampleURL: string): string {
  return page(
    sampleURL,
    `
  <h1>Too late</h1>
  <p>This page is not valid any more. <a href="${sampleURL}">Go back to the sample</a> and begin again.</p>`,
  );
}

function page(sampleURL: string, main: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Local ID</title>
    <link rel="stylesheet" href="${sampleURL}/style.css" />
  </head>
  <body>
    <main class="alone"><section class="card">${main}
    </section></main>
  </body>
</html>
`;
}
