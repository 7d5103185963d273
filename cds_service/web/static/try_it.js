// The try-it page: this browser plays the EHR.
import { cardElement } from "./card.js";
import { element, outcomeOf } from "./dom.js";

const page = document.getElementById("try-it");
const byId = (id) => document.getElementById(id);
const sample = byId("sample");
const chart = byId("chart");
const pretty = (value) => JSON.stringify(value, null, 2);

async function loadSample() {
  const option = sample.selectedOptions[0];
  byId("says").textContent = option.value ? option.dataset.says : "Choose a file or paste JSON below.";
  if (!option.value) { byId("edit").open = true; chart.value = ""; return; }
  if (option.dataset.asOf !== page.dataset.asOf) {
    byId("says").textContent += ` Its values were made for ${option.dataset.asOf}; judged on ${page.dataset.asOf}, some may count as too old.`;
  }
  if (option.dataset.jurisdiction !== page.dataset.jurisdiction) {
    byId("says").textContent += ` Its answer was made for ${option.dataset.jurisdiction} labels.`;
  }
  const answer = await fetch(`/samples/${option.value}.json`);
  chart.value = pretty(await answer.json());
}

async function loadFile() {
  const file = byId("file").files[0];
  if (!file) return;
  chart.value = await file.text();
  if (sample) { sample.value = ""; byId("says").textContent = `Chart from ${file.name}.`; }
}

async function post(address, text) {
  const started = performance.now();
  const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: text });
  const said = await answer.text();
  let body = null;
  try { body = JSON.parse(said); } catch { /* shown as it came */ }
  return { status: answer.status, ok: answer.ok, body, said, milliseconds: performance.now() - started };
}

async function fire() {
  const button = byId("fire");
  button.disabled = true;
  byId("status").textContent = "Calling the service …";
  byId("cards").replaceChildren();
  byId("reasoning").hidden = true;
  try {
    const made = await post("/web/request", chart.value);
    const request = made.ok ? pretty(made.body) : chart.value;
    byId("request").textContent = request;
    // What cannot even be read as a request is sent all the same: the service says what is wrong.
    const answer = await post(page.dataset.call, made.ok ? request : chart.value);
    show(answer, request);
  } catch {
    byId("status").textContent = "The service did not answer.";
  } finally {
    button.disabled = false;
  }
}

function show(answer, request) {
  byId("http-status").textContent = String(answer.status);
  byId("time-taken").textContent = `${answer.milliseconds.toFixed(0)} ms`;
  byId("response").textContent = answer.body ? pretty(answer.body) : answer.said;
  if (!answer.ok) {
    byId("status").textContent = `The service answered with status ${answer.status}.`;
    byId("cards").replaceChildren(outcomeOf(answer.body));
    return;
  }
  const cards = answer.body.cards ?? [];
  const evaluation = answer.body.extension?.["org.myeloma-cds.evaluation"] ?? {};
  byId("status").textContent = `${cards.length === 1 ? "One card" : `${cards.length} cards`}, outcome ${evaluation.outcome}.`;
  byId("cards").replaceChildren(...cards.map((card, number) => cardElement(card, number, sendFeedback)));
  if (!cards.length) {
    byId("cards").append(element("p", { class: "empty" }, `No card: ${String(evaluation.outcome).replaceAll("-", " ")} (${String(evaluation.reason).replaceAll("-", " ")}). The chart opens undisturbed.`));
  }
  byId("reasoning").hidden = false;
  byId("reasoning").elements.chart.value = request;
}

async function sendFeedback(item) {
  try {
    const answer = await post(page.dataset.feedback, JSON.stringify({ feedback: [item] }));
    const problem = answer.ok ? "taken" : `refused: ${answer.body?.issue?.[0]?.details?.text ?? answer.said}`;
    return `Feedback “${item.outcome}” sent; the service answered ${answer.status}, ${problem}.`;
  } catch {
    return "The feedback could not be sent: the service did not answer.";
  }
}

async function loadDiscovery() {
  const answer = await fetch(page.dataset.discovery);
  byId("discovery").textContent = pretty(await answer.json());
}

async function copy(event) {
  const { copy: from } = event.target.dataset;
  if (!from) return;
  try {
    await navigator.clipboard.writeText(byId(from).textContent);
    event.target.textContent = "Copied";
  } catch {
    event.target.textContent = "Not allowed by the browser";
  }
  setTimeout(() => { event.target.textContent = "Copy"; }, 2000);
}

byId("fire").addEventListener("click", fire);
byId("file").addEventListener("change", loadFile);
byId("wire").addEventListener("click", copy);
if (sample) {
  sample.addEventListener("change", loadSample);
  loadSample();
} else {
  byId("edit").open = true;
}
loadDiscovery();
