// Sets the remembered language and appearance before the first paint; the app takes over from there.
// It reads the two preferences of src/platform/preferences.rs and knows nothing else of the app.
// It also holds the only way to start a script from code: the workers, by the names that the build wrote.
(function () {
  "use strict";
  function read(name) {
    try {
      return JSON.parse(window.localStorage.getItem("anju." + name));
    } catch (blocked) {
      return null;
    }
  }
  var root = document.documentElement;
  var language = read("language");
  if (language === "zh-CN" || language === "en") root.lang = language;
  var theme = read("theme");
  if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);

  // The Content-Security-Policy allows one policy of trusted types; a browser without them gets the same check.
  var OWN = /^\.\/((data|file)_worker_loader(-[0-9a-f]{16})?|service-worker)\.js$/;
  var rules = {
    createScriptURL: function (address) {
      if (!OWN.test(address)) throw new TypeError("not a worker of this app: " + address);
      return address;
    },
  };
  var policy = window.trustedTypes ? window.trustedTypes.createPolicy("anju-workers", rules) : rules;
  var workers = {
    // "data" or "file"; throws where there is no such worker.
    start: function (name) {
      var meta = document.querySelector('meta[name="anju-' + name + '-worker"]');
      return new Worker(policy.createScriptURL(meta ? meta.content : ""));
    },
    // The promise of the registration.
    register: function () {
      return navigator.serviceWorker.register(policy.createScriptURL("./service-worker.js"));
    },
  };
  Object.defineProperty(window, "anjuWorkers", { value: Object.freeze(workers) });
})();
