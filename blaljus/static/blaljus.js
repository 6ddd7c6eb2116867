// Comfort only: every page works without this file. Texts come from the page, already translated;
// they are written with textContent, so Trusted Types have nothing to refuse.

const SPOKEN_EVERY_MS = 2000;

document.documentElement.classList.add("js");

focusErrors();
groupToggles();
columnChoices();
addresses();
markSending();
printButtons();
followProgress();

// The error summary says what to do next: start there.
function focusErrors() {
  document.querySelector("[data-errors]")?.focus();
}

// <button data-toggle="w42-fm" data-ticked="{n} tider valda" data-unticked="{n} tider avmarkerade">
// ticks every box with that data-group, or unticks them when all are ticked.
function groupToggles() {
  for (const button of document.querySelectorAll("button[data-toggle]")) {
    button.addEventListener("click", () => toggleGroup(button));
  }
}

function toggleGroup(button) {
  const group = CSS.escape(button.dataset.toggle);
  const boxes = [...document.querySelectorAll(`input[data-group~="${group}"]:not(:disabled)`)];
  const ticked = boxes.some((box) => !box.checked);
  for (const box of boxes) {
    box.checked = ticked;
  }
  const text = ticked ? button.dataset.ticked : button.dataset.unticked;
  say(document.querySelector("[data-live]"), (text ?? "").replace("{n}", boxes.length));
}

// <button data-column="v. 42 fm" data-choose="free not_available" data-free="text" …> gives every
// radio group with that data-column the first value, or the second where all have the first.
function columnChoices() {
  for (const button of document.querySelectorAll("button[data-choose]")) {
    button.addEventListener("click", () => chooseColumn(button));
  }
}

function chooseColumn(button) {
  const column = CSS.escape(button.dataset.column);
  const radios = [...document.querySelectorAll(`input[data-column="${column}"]:not(:disabled)`)];
  const [first, second] = button.dataset.choose.split(" ");
  const all = radios.every((radio) => radio.value !== first || radio.checked);
  const value = all ? second : first;
  for (const radio of radios.filter((one) => one.value === value)) {
    radio.checked = true;
  }
  say(document.querySelector("[data-live]"), button.dataset[value] ?? "");
}

// An address to take along: chosen whole when entered, copied by <button data-copy="its id">.
function addresses() {
  for (const field of document.querySelectorAll("input[data-select]")) {
    field.addEventListener("focus", () => field.select());
  }
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
      say(document.querySelector("[data-live]"), button.dataset.copied);
    });
  }
}

// The pressed button shows that something happens. It is not disabled: the idempotency key
// of the form makes a second press harmless, and a failed request can be sent again.
function markSending() {
  addEventListener("submit", (event) => event.submitter?.setAttribute("aria-busy", "true"));
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
    }
  });
}

function printButtons() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.addEventListener("click", () => print());
  }
}

// What is seen follows every step; what is spoken is throttled, or it would drown the reader.
function followProgress() {
  const box = document.querySelector("[data-events]");
  if (!box) {
    return;
  }
  const bar = box.querySelector("progress");
  const seen = box.querySelector("[data-seen]");
  const spoken = box.querySelector("[data-said]");
  const source = new EventSource(box.dataset.events);
  let saidAt = Date.now();

  source.addEventListener("step", (event) => {
    const step = JSON.parse(event.data);
    bar.max = step.total;
    bar.value = step.done;
    say(seen, step.text);
    if (Date.now() - saidAt >= SPOKEN_EVERY_MS) {
      saidAt = Date.now();
      say(spoken, step.text);
    }
  });
  source.addEventListener("end", (event) => {
    source.close();
    const { text } = JSON.parse(event.data);
    bar.value = bar.max;
    say(seen, text);
    say(spoken, text);
    box.querySelector("[data-finished]").hidden = false;
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) {
      say(seen, box.dataset.broken);
      say(spoken, box.dataset.broken);
    }
  });
}

function say(element, text) {
  if (element) {
    element.textContent = text;
  }
}
