/*! joren.js 1: what people do on a shop's pages, told to the shop's own joren and to nobody else. */
(function () {
  "use strict";
  var w = window, d = document, n = navigator, me = d.currentScript;
  if (!me || (w.joren && w.joren.version)) return;
  var key = me.getAttribute("data-key");
  var to = (me.getAttribute("data-host") || new URL(me.src).origin) + "/v1/b";
  var ID = "joren_id", USER = "joren_user", ITEM = "joren_q:";
  var YEAR = 395 * 86400, MOST = 500, AT_ONCE = 50, BYTES = 50000, LONGEST = 30000;
  var KEPT = 7 * 86400000;
  var refused = n.globalPrivacyControl === true || n.doNotTrack === "1" || w.doNotTrack === "1";
  var waits = me.getAttribute("data-consent") === "wait";
  var memory = {}, early = [], flying = false, failures = 0, timer = 0, turned = 0, disk = null;

  try { disk = w.localStorage; } catch (_) {}

  // What is kept, on the disk where the browser lets us and in the page's memory otherwise.
  function put(name, text) {
    memory[name] = text;
    try {
      if (disk) { disk.setItem(name, text); delete memory[name]; }
    } catch (_) {}
  }
  function get(name) {
    return (disk && disk.getItem(name)) || memory[name] || "";
  }
  function drop(name) {
    delete memory[name];
    if (disk) disk.removeItem(name);
  }
  function queued() {
    var names = Object.keys(memory), i;
    for (i = 0; disk && i < disk.length; i++) names.push(disk.key(i));
    return names.filter(function (one) { return one.indexOf(ITEM) === 0; }).sort();
  }

  function cookie() {
    var found = d.cookie.match(/(?:^|; )joren_id=([\w-]+)/);
    return found ? found[1] : "";
  }
  function bake(value, age) {
    // The widest domain that the browser takes: shop.example for www.shop.example.
    var parts = w.location.hostname.split("."), i, domain;
    var rest = "; path=/; max-age=" + age + "; SameSite=Lax" +
      (w.location.protocol === "https:" ? "; Secure" : "");
    for (i = parts.length - 2; i >= 0; i--) {
      domain = parts.slice(i).join(".");
      d.cookie = ID + "=" + value + "; domain=" + domain + rest;
      if (age ? cookie() === value : 0) return;
    }
    d.cookie = ID + "=" + value + rest;
  }
  function random() {
    if (w.crypto.randomUUID) return w.crypto.randomUUID();
    var bytes = w.crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (one) {
      return (one + 256).toString(16).slice(1);
    }).join("");
  }
  function device() {
    var id = cookie() || get(ID);
    if (!id) { id = random(); put(ID, id); }
    if (cookie() !== id) bake(id, YEAR);
    return id;
  }
  function forget() {
    drop(USER); drop(ID);
    if (cookie()) bake("", 0);
  }
  function may() {
    return !refused && (!waits || !!cookie() || !!get(ID));
  }

  function plain(address) {
    return (address || "").split(/[?#]/)[0];
  }
  function context() {
    var campaign = {}, asked = new URLSearchParams(w.location.search);
    ["source", "medium", "campaign", "term", "content"].forEach(function (name) {
      var said = asked.get("utm_" + name);
      if (said) campaign[name === "campaign" ? "name" : name] = said;
    });
    var zone;
    try { zone = Intl.DateTimeFormat().resolvedOptions().timeZone; } catch (_) {}
    return {
      library: { name: "joren.js", version: "1" }, locale: n.language, timezone: zone,
      userAgent: n.userAgent, campaign: campaign,
      page: {
        path: w.location.pathname, url: plain(w.location.href), title: d.title,
        referrer: plain(d.referrer)
      }
    };
  }

  // Each message lies in the queue until joren has it; its messageId makes it one event for ever,
  // however often it is sent.
  function tell(message) {
    if (refused) return;
    message.timestamp = message.timestamp || new Date().toISOString();
    message.context = message.context || context();
    if (!may()) {
      if (early.length < MOST) early.push(message);
      return;
    }
    message.messageId = "js-" + random();
    message.anonymousId = device();
    message.userId = message.userId || get(USER) || null;
    var text = JSON.stringify(message), names;
    if (text.length > LONGEST) return;
    put(ITEM + Date.now() + "-" + (1e6 + turned++) + "-" + message.messageId, text);
    names = queued();
    while (names.length > MOST) drop(names.shift());
    soon(20);
  }

  function batch() {
    var names = [], parts = [], size = 0, now = Date.now();
    queued().some(function (name) {
      var text = get(name);
      if (!text || now - parseInt(name.slice(ITEM.length), 10) > KEPT) { drop(name); return false; }
      var bytes = new Blob([text]).size;
      if (names.length && (names.length === AT_ONCE || size + bytes > BYTES)) return true;
      names.push(name); parts.push(text); size += bytes;
      return false;
    });
    if (!names.length) return null;
    var body = '{"writeKey":' + JSON.stringify(key) + ',"sentAt":"' + new Date().toISOString() +
      '","batch":[' + parts.join(",") + "]}";
    return { names: names, body: body };
  }
  function soon(milliseconds) {
    if (timer) clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }
  function again(after) {
    failures++;
    soon(after || Math.min(60000, 1000 * Math.pow(2, failures - 1)) * (0.5 + Math.random()));
  }
  function send() {
    timer = 0;
    var some = may() && !flying && batch();
    if (!some) return;
    flying = true;
    fetch(to, {
      method: "POST", body: some.body, keepalive: true, credentials: "omit", mode: "cors",
      headers: { "Content-Type": "text/plain" }
    }).then(function (answer) {
      flying = false;
      // What will never be taken is given up; all else waits its turn.
      if (!answer.ok && (answer.status >= 500 || answer.status === 429 || answer.status === 408)) {
        return again(1000 * parseInt(answer.headers.get("Retry-After") || "0", 10));
      }
      some.names.forEach(drop);
      failures = 0;
      if (queued().length) soon(20);
    }, function () {
      flying = false;
      again(0);
    });
  }
  function leave() {
    // Nobody hears whether a beacon arrived, so what it carries stays queued for the next page.
    var some = may() && !flying && n.sendBeacon && batch();
    if (some) n.sendBeacon(to, new Blob([some.body], { type: "text/plain" }));
  }

  var api = {
    version: "1",
    page: function (name, properties) {
      tell({ type: "page", name: name || null, properties: properties || {} });
    },
    track: function (event, properties) {
      tell({ type: "track", event: event, properties: properties || {} });
    },
    identify: function (user, traits) {
      user = String(user);
      if (may()) put(USER, user);
      tell({ type: "identify", userId: user, traits: traits || {} });
    },
    // Somebody else sits down: another device from here on, and nobody's name.
    reset: function () {
      var on = may();
      forget();
      early = [];
      if (on) device();
    },
    consent: function (given) {
      var told = early;
      early = [];
      if (given) {
        if (refused) return;
        waits = false;
        device();
        told.forEach(function (message) {
          if (message.type === "identify") put(USER, message.userId);
          tell(message);
        });
      } else {
        waits = true;
        queued().forEach(drop);
        forget();
      }
    },
    push: function (call) {
      var verb = api[call[0]];
      if (verb) verb.apply(api, [].slice.call(call, 1));
    }
  };

  if (refused) { queued().forEach(drop); forget(); }
  var before = w.joren;
  w.joren = api;
  if (me.getAttribute("data-page") !== "no") api.page();
  if (before && before.forEach) before.forEach(api.push);
  w.addEventListener("online", function () { failures = 0; soon(0); });
  w.addEventListener("pagehide", leave);
  d.addEventListener("visibilitychange", function () {
    if (d.visibilityState === "hidden") leave(); else soon(0);
  });
  soon(20);
})();
