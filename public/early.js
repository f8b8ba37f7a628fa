// Sets the remembered language and appearance before the first paint; the app takes over from there.
// It reads the two preferences of src/platform/preferences.rs and knows nothing else.
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
})();
