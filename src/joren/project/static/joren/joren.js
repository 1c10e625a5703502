// Small comforts. Every page works without this file.
"use strict";

(() => {
  const open = () => document.querySelectorAll("details.about[open], details.menu[open]");

  const place = (about) => {
    const card = about.querySelector(".about-card");
    if (!card) return;
    about.classList.remove("is-left");
    // A card that would leave the window opens to the other side.
    if (card.getBoundingClientRect().right > document.documentElement.clientWidth - 8) {
      about.classList.add("is-left");
    }
  };

  document.addEventListener("toggle", (event) => {
    const opened = event.target;
    if (!opened.matches?.("details.about, details.menu") || !opened.open) return;
    open().forEach((other) => { if (other !== opened) other.open = false; });
    place(opened);
  }, true);

  document.addEventListener("click", (event) => {
    open().forEach((one) => { if (!one.contains(event.target)) one.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((one) => {
      const inside = one.contains(document.activeElement);
      one.open = false;
      if (inside) one.querySelector("summary").focus();
    });
  });

  // A form that only carries a message into its frame sends itself as soon as it is there.
  const send = (root) => root.querySelectorAll("form[data-submits]").forEach((form) => form.requestSubmit());
  send(document);
  document.addEventListener("htmx:afterSettle", (event) => send(event.target));

  // A condition that is dragged to a group is moved as its own list of groups would move it.
  let dragged = null;
  const choice = (event) => {
    const group = event.target.closest?.("[data-group]")?.dataset.group;
    const list = dragged?.parentElement.querySelector("select");
    return [...(list?.options ?? [])].find((one) => one.value && one.value === group);
  };
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".rule-grip") ?? null;
    if (dragged) event.dataTransfer.setData("text/plain", "");
  });
  document.addEventListener("dragover", (event) => { if (choice(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    const option = choice(event);
    if (!option) return;
    event.preventDefault();
    option.selected = true;
    option.parentElement.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("dragend", () => { dragged = null; });

  // The place in the navigation strip that one is at is scrolled into sight on narrow windows.
  document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
