// The Content-Security-Policy of the app, once: the build writes it into the page, the static server sends it as a
// header, and docs/deployment.md is held against it (tests/repo/policy.test.mjs).

/** The one policy of trusted types, made in public/early.js; it lets through the addresses of the app's own workers. */
export const WORKERS = 'anju-workers';

const PARTS = [
  ["default-src", "'none'"],
  ["script-src", "'self' 'wasm-unsafe-eval'"],
  ["style-src", "'self'"],
  ["img-src", "'self' data: blob:"],
  ["font-src", "'self'"],
  ["connect-src", "'self'"],
  ["worker-src", "'self'"],
  ["manifest-src", "'self'"],
  ["base-uri", "'none'"],
  ["form-action", "'none'"],
  ["require-trusted-types-for", "'script'"],
  ["trusted-types", WORKERS],
];

/** What the page says for itself. */
export const POLICY = PARTS.map((part) => part.join(' ')).join('; ');

/** What only a header can say, and what covers the workers too, which do not take the page's policy. */
export const HEADERS = {
  'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
};
