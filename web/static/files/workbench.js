// What pages gain from a script. Nothing here is needed: every page works without.
(function () {
  "use strict";
  var doc = document;

  // What went wrong is read out first; after a swap the reader is taken to what changed.
  function settle(root) {
    var summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
    refresh(root);
  }

  // What is typed in a form that is kept as a draft has the draft's address from then on: Back and Reload lead to what was typed, and not to
  // an empty form or to a page that asks whether to send it again.
  function kept() {
    var form = doc.querySelector("form[data-kept]");
    if (form && location.pathname !== form.dataset.kept) history.replaceState(history.state, "", form.dataset.kept);
  }
  if (doc.querySelector(".ds-summary[data-focus]")) kept(); // what needs a correction was kept

  // The pressed button says that it works. aria-disabled, not disabled: the button keeps the focus, and its name and value are sent.
  doc.addEventListener("submit", function (e) {
    var form = e.target, button = e.submitter;
    if (form.hasAttribute("data-busy")) { e.preventDefault(); e.stopPropagation(); return; }
    form.setAttribute("data-busy", "");
    if (form.hasAttribute("data-kept")) kept();
    if (!button || !doc.body.dataset.saving) return;
    button.dataset.was = button.textContent;
    setTimeout(function () {
      if (!form.hasAttribute("data-busy")) return;
      button.setAttribute("aria-disabled", "true");
      button.textContent = doc.body.dataset.saving;
    }, 400);
  }, true);
  function idle() {
    doc.querySelectorAll("form[data-busy]").forEach(function (form) { form.removeAttribute("data-busy"); });
    doc.querySelectorAll("button[data-was]").forEach(function (b) {
      b.textContent = b.dataset.was; b.removeAttribute("aria-disabled"); delete b.dataset.was;
    });
  }
  window.addEventListener("pageshow", idle); // also when the browser shows a kept page again

  // "5 h left" stays true while a page is open. Nothing is read out: the words were there before.
  function refresh(root) {
    root.querySelectorAll("time[data-left]").forEach(function (t) {
      var minutes = Math.round((new Date(t.getAttribute("datetime")) - Date.now()) / 60000), far = Math.abs(minutes);
      var d = doc.body.dataset, unit = far < 60 ? d.minutes : far < 2880 ? d.hours : d.days;
      if (!unit || d.clock) return; // a moved clock is not this machine's
      var n = far < 60 ? far : far < 2880 ? Math.floor(far / 60) : Math.floor(far / 1440);
      t.textContent = (minutes < 0 ? d.late : d.left).replace("{n}", unit.replace("{n}", n));
    });
  }
  setInterval(function () { refresh(doc); }, 60000);

  // j and k walk through a list, Enter opens. Off while typing, and by a switch that stays with this browser.
  function off() { try { return localStorage.getItem("keys") === "off"; } catch (e) { return false; } }
  function rows() { return Array.prototype.slice.call(doc.querySelectorAll("[data-row]")); }
  doc.addEventListener("keydown", function (e) {
    if (leaving(e)) return;
    if (off() || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable) return;
    if (/^[a-z0-9]$/.test(e.key) && press(e.key)) { e.preventDefault(); return; }
    if (e.key !== "j" && e.key !== "k") return;
    var all = rows(), at = all.findIndex(function (r) { return r.hasAttribute("aria-current"); });
    if (!all.length) return;
    var next = e.key === "j" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0);
    all.forEach(function (r) { r.removeAttribute("aria-current"); });
    all[next].setAttribute("aria-current", "true");
    var link = all[next].querySelector("a"); // the focus is on the link, so that Enter opens as everywhere
    if (link) link.focus();
  });
  // A key presses the button or link that carries it, in the row where the reader stands, else the first of the page: the same thing is always
  // there to click.
  function press(key) {
    var named = "[data-key='" + key + "']", row = doc.querySelector("[data-row][aria-current]");
    var b = row && row.querySelector(named) || doc.querySelector(named);
    if (b) { b.focus(); b.click(); }
    return b;
  }
  doc.addEventListener("click", function (e) {
    var b = e.target.closest("[data-keys]");
    if (!b) return;
    try { localStorage.setItem("keys", off() ? "on" : "off"); } catch (x) { return; }
    say(b);
  });
  function say(b) { b.hidden = false; b.setAttribute("aria-pressed", off() ? "false" : "true"); }

  // Two minutes before the session ends somebody is warned, and can go on with one press: what they typed stays where it is. Whatever else
  // reaches the server begins the time anew.
  var ends = doc.getElementById("ends"), timer, over;
  function lasts(seconds) {
    if (!ends || !(seconds > 0)) return;
    clearTimeout(timer); clearTimeout(over);
    ends.hidden = true;
    timer = setTimeout(function () { ends.hidden = false; }, Math.max(0, seconds - 120) * 1000);
    over = setTimeout(function () { ends.firstElementChild.textContent = ends.dataset.over; }, seconds * 1000);
  }
  if (ends) {
    lasts(+ends.dataset.seconds);
    ends.addEventListener("submit", function (e) {
      e.preventDefault();
      fetch(e.target.action, { method: "POST", headers: { "Accept": "application/json" }, redirect: "error" })
        .then(function (r) { return r.ok ? r.json() : Promise.reject(); })
        .then(function (d) { idle(); lasts(d.seconds); doc.getElementById("main").focus(); })
        .catch(function () { idle(); ends.firstElementChild.textContent = ends.dataset.over; });
    });
    doc.addEventListener("htmx:afterRequest", function (e) { if (e.detail.successful) lasts(+ends.dataset.idle); });
  }

  // Leave this page: the button, or Shift three times. The page is replaced, so that Back does not lead here.
  var shifts = 0, last = 0;
  function leave() {
    var link = doc.querySelector("[data-leave]");
    if (!link) return;
    doc.body.hidden = true;
    location.replace(link.href);
  }
  function leaving(e) {
    if (e.key !== "Shift") { shifts = 0; return false; }
    if (e.repeat) return true;
    shifts = Date.now() - last < 1500 ? shifts + 1 : 1;
    last = Date.now();
    if (shifts >= 3) leave();
    return true;
  }
  doc.addEventListener("click", function (e) {
    if (e.target.closest("[data-leave]")) { e.preventDefault(); leave(); }
  });

  doc.addEventListener("htmx:afterSwap", function (e) {
    if (e.detail.target.querySelector("[data-saved]")) kept();
    idle(); settle(e.detail.target.parentNode || doc);
  });
  doc.addEventListener("htmx:sendError", function () {
    idle();
    var box = doc.getElementById("offline");
    if (box) box.hidden = false;
  });
  doc.querySelectorAll("[data-keys]").forEach(say);
  settle(doc);
})();
