// Move a step of a diagram by mouse: draw its box onto a plus. The page does the same without this.
"use strict";

(() => {
  const form = document.querySelector("form[data-moves]");
  if (!form) return;
  const far = 6;
  let held = null;

  const plus = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-after]");
  const mark = (one) => {
    document.querySelectorAll(".put.is-target").forEach((other) => other.classList.remove("is-target"));
    one?.classList.add("is-target");
  };

  document.querySelectorAll(".diagram").forEach((diagram) => {
    diagram.addEventListener("dragstart", (event) => event.preventDefault());
    diagram.addEventListener("pointerdown", (event) => {
      const step = event.target.closest("[data-node]");
      if (step && event.button === 0 && event.pointerType === "mouse") held = { step, x: event.clientX, y: event.clientY, moving: false };
    });
  });

  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!held.moving && Math.hypot(event.clientX - held.x, event.clientY - held.y) < far) return;
    held.moving = true;
    held.step.classList.add("is-held");
    held.step.closest(".diagram").classList.add("is-moving");
    mark(plus(event));
  });

  document.addEventListener("pointerup", (event) => {
    if (!held) return;
    const { step, moving } = held;
    held = null;
    step.classList.remove("is-held");
    step.closest(".diagram").classList.remove("is-moving");
    mark(null);
    if (!moving) return;
    // The click that follows would open the step.
    step.addEventListener("click", (click) => click.preventDefault(), { once: true });
    const onto = plus(event);
    if (!onto) return;
    form.elements.move.value = step.dataset.node;
    form.elements.after.value = onto.dataset.after;
    form.requestSubmit();
  });
})();
