// Sets the remembered language and appearance before the first paint; the app takes over from there.
// It reads three preferences of src/platform/preferences.rs and knows nothing else of the app.
// It also holds the only way to start a script from code: the workers, by the names that the build wrote. Where the
// browser remembers data, the worker that opens it starts here, while the app itself is still being fetched.
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
  function make(name) {
    var meta = document.querySelector('meta[name="anju-' + name + '-worker"]');
    return new Worker(policy.createScriptURL(meta ? meta.content : ""));
  }

  // The data worker before anybody listens to it, and what it has said.
  var begun = null;
  var said = [];
  // A homeowner's page has no use for the database.
  var isOwners = /^#\/(a|receipt)\//.test(location.hash) || /[?&]s=/.test(location.search);
  if (read("had_data") === true && !isOwners) {
    try {
      begun = make("data");
      begun.onmessage = begun.onerror = function (event) { said.push(event); };
    } catch (refused) {
      // The app tries it once more, and says so.
      begun = null;
    }
  }

  var workers = {
    // "data" or "file"; throws where there is no such worker. Whoever starts it listens at once.
    start: function (name) {
      if (name !== "data" || !begun) return make(name);
      var worker = begun;
      begun = null;
      worker.onmessage = worker.onerror = null;
      Promise.resolve().then(function () {
        said.forEach(function (event) {
          var listener = event.type === "message" ? worker.onmessage : worker.onerror;
          if (listener) listener.call(worker, event);
        });
        said = [];
      });
      return worker;
    },
    // The promise of the registration.
    register: function () {
      return navigator.serviceWorker.register(policy.createScriptURL("./service-worker.js"));
    },
  };
  Object.defineProperty(window, "anjuWorkers", { value: Object.freeze(workers) });
})();
