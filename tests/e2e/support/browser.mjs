// The browser that the tests start, and the three screens that the app is made for.
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const VIEWPORTS = {
  /** An owner's phone. */
  phone: { width: 390, height: 844 },
  /** A tablet on a desk or on site. */
  tablet: { width: 1024, height: 768 },
  /** A screen in the customer centre. */
  desktop: { width: 1440, height: 900 },
};
