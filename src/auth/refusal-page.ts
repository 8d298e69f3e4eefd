import { escapeHtml } from '../ops/escape-html.js';

/** A page that says why somebody was not let in; the detail is shown as text. */
export function refusalPage(detail: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not signed in</title></head>',
    `<body><main><h1>Not signed in</h1><p role="alert">${escapeHtml(detail)}</p>`,
    '<p><a href="/v1/session/oidc">Try again</a> or <a href="/">sign in another way</a>.</p></main></body>',
    '</html>',
    '',
  ].join('\n');
}
