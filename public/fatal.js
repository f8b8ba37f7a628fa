// The buttons of the fatal page in index.html. They must work when the app's own code has died, so this file
// depends on nothing but the browser, early.js and the data worker.
(function () {
  "use strict";
  var fatal = document.getElementById("fatal");
  var said = document.getElementById("fatal-said");
  var EXPORT_FAILED = "没有导出成功，请先不要清除浏览器数据。 Export failed. Please do not clear the browser's data.";
  var EXPORTING = "正在导出… Exporting…";
  var EXPORTED = "已导出，请妥善保存这个文件。 Exported. Please keep this file safe.";
  var LOCKED = "数据已加密，请输入密码。 The data is encrypted. Please enter the passphrase.";
  var WRONG = "密码不对，请再试一次。 That is not the passphrase. Please try again.";
  var WAIT = 60000;

  function reveal() {
    ["app", "splash"].forEach(function (id) {
      var element = document.getElementById(id);
      if (element) element.hidden = true;
    });
    fatal.hidden = false;
  }

  // Until the app has taken the splash away, an error means that it will not start.
  function starting() {
    return document.getElementById("splash") !== null;
  }
  window.addEventListener("unhandledrejection", function () { if (starting()) reveal(); });
  window.addEventListener("error", function (event) { if (starting() && event.message) reveal(); });

  document.getElementById("fatal-reload").addEventListener("click", function () {
    window.location.reload();
  });
  document.getElementById("fatal-export").addEventListener("click", function () {
    window.dispatchEvent(new CustomEvent("anju-export"));
  });

  function save(name, parts, type) {
    var url = URL.createObjectURL(new Blob(parts, { type: type || "application/json" }));
    var link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    window.setTimeout(function () { URL.revokeObjectURL(url); }, WAIT);
  }

  // A fresh worker is asked with {"rescue":"export"} and answers with {"rescue":"export", name, blob},
  // {"rescue":"failed"}, or, where the data is encrypted, {"rescue":"locked"}; asked again with a passphrase beside
  // it, it answers {"rescue":"wrong"} or as before. Its other messages are arrays for the app; the first one says that it listens,
  // and what was posted before that is lost.
  window.addEventListener("anju-export", function () {
    var worker;
    var timer;
    var asked = false;
    var unlock = document.getElementById("fatal-unlock");
    function finish(words) {
      window.clearTimeout(timer);
      if (worker) worker.terminate();
      unlock.hidden = true;
      unlock.onsubmit = null;
      said.textContent = words;
    }
    function askForPassphrase(words) {
      window.clearTimeout(timer);
      said.textContent = words;
      unlock.hidden = false;
      var field = document.getElementById("fatal-passphrase");
      field.value = "";
      field.focus();
      unlock.onsubmit = function (event) {
        event.preventDefault();
        said.textContent = EXPORTING;
        timer = window.setTimeout(function () { finish(EXPORT_FAILED); }, WAIT);
        worker.postMessage({ rescue: "export", passphrase: field.value });
      };
    }
    said.textContent = EXPORTING;
    try {
      worker = window.anjuWorkers.start("data");
    } catch (refused) {
      finish(EXPORT_FAILED);
      return;
    }
    timer = window.setTimeout(function () { finish(EXPORT_FAILED); }, WAIT);
    worker.onerror = function () { finish(EXPORT_FAILED); };
    worker.onmessage = function (event) {
      var answer = event.data;
      if (Array.isArray(answer)) {
        if (!asked) worker.postMessage({ rescue: "export" });
        asked = true;
        return;
      }
      if (typeof answer === "string") {
        try { answer = JSON.parse(answer); } catch (other) { return; }
      }
      if (!answer || !answer.rescue) return;
      if (answer.rescue === "export" && (answer.blob || answer.text)) {
        save(answer.name || "anju-rescue.json", [answer.blob || answer.text]);
        finish(EXPORTED);
      } else if (answer.rescue === "locked") {
        askForPassphrase(LOCKED);
      } else if (answer.rescue === "wrong") {
        askForPassphrase(WRONG);
      } else if (answer.rescue === "failed") {
        finish(EXPORT_FAILED);
      }
    };
  });
})();
