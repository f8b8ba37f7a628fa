// The Content-Security-Policy of the app, once: the build writes it into the page with the hashes of the page's own
// scripts, the static server sends it as a header without them, since a header outlives a version, and
// docs/deployment.md is held against it (tests/repo/policy.test.mjs).

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

const joined = (parts) => parts.map((part) => part.join(' ')).join('; ');

/** What a header says: it is the same for every version. */
export const POLICY = joined(PARTS);

/**
 * What the page says for itself: scripts by their hashes, and what those load themselves (the glue that the boot script
 * imports). `'self'` is left for browsers that do not know `'strict-dynamic'`; all others pass it over.
 */
export const pagePolicy = (hashes) =>
  joined(PARTS.map(([name, value]) => (name === 'script-src' ? [name, ...hashes.map((hash) => `'${hash}'`), "'strict-dynamic'", value] : [name, value])));

/** The hashes of the scripts that a page names, as their elements carry them. */
export const scriptHashes = (html) =>
  [...html.matchAll(/<script\b[^>]*>|<link\b[^>]*rel=["']?modulepreload\b[^>]*>/gi)].map(([element]) => element.match(/\sintegrity=["']?(sha256-[A-Za-z0-9+/=]+)/i)?.[1]);

/** What only a header can say, and what covers the workers too, which do not take the page's policy. */
export const HEADERS = {
  'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
};
