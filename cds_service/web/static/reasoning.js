// The reasoning page works without this script; it adds arrow keys and a line that says what is pointed at, and the filter.
const readout = document.getElementById("readout");

for (const picture of document.querySelectorAll("svg.picture")) {
  const marks = [...picture.querySelectorAll(".mark")];
  const say = (mark) => {
    readout.textContent = mark.getAttribute("aria-label");
    readout.classList.add("said"); // from now on it stays in sight, whatever part of the pictures is looked at
  };
  marks.forEach((mark, place) => {
    mark.addEventListener("pointerenter", () => say(mark));
    mark.addEventListener("click", () => say(mark));
    mark.addEventListener("focus", () => say(mark));
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = event.key === "Home" ? 0 : event.key === "End" ? marks.length - 1 : step ? place + step : -1;
      if (!marks[next]) return;
      event.preventDefault();
      mark.setAttribute("tabindex", "-1");
      marks[next].setAttribute("tabindex", "0");
      marks[next].focus();
    });
  });
}

const filter = document.getElementById("filter");
if (filter) {
  const regimens = [...document.querySelectorAll(".regimen")];
  const apply = () => {
    const verdict = filter.elements.verdict.value;
    const words = document.getElementById("search").value.trim().toLowerCase();
    let shown = 0;
    for (const regimen of regimens) {
      regimen.hidden = (verdict && regimen.dataset.verdict !== verdict) || !regimen.dataset.text.includes(words);
      shown += regimen.hidden ? 0 : 1;
    }
    document.getElementById("filtered").textContent = shown === regimens.length ? "" : `${shown} of ${regimens.length} shown`;
  };
  filter.hidden = false;
  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
}

const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => globalThis.print());
