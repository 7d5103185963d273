// One CDS Hooks card as an EHR draws it: indicator with its word, summary, source, detail, suggestions, links, override menu.
import { element } from "./dom.js";
import { rendered } from "./markdown.js";

const WORDS = { info: "For your information", warning: "Warning", critical: "Critical" };

export function cardElement(card, number, sendFeedback) {
  const heading = `card-${number}`;
  const sent = element("p", { class: "sent", role: "status" });
  const say = async (item) => { sent.textContent = await sendFeedback({ card: card.uuid, ...item }); };
  const detail = element("div", { class: "detail" });
  if (card.detail) detail.append(rendered(card.detail));
  return element("article", { class: `card ${card.indicator}`, "aria-labelledby": heading },
    element("p", { class: "indicator" }, WORDS[card.indicator] ?? card.indicator),
    element("h3", { id: heading }, card.summary),
    element("p", { class: "source" }, "Source: ", source(card.source)),
    detail, ...suggestions(card, say), ...links(card), ...overrides(card, number, say), sent);
}

function source(given) {
  return given?.url?.match(/^https?:\/\//) ? element("a", { href: given.url }, given.label) : given?.label ?? "";
}

function suggestions(card, say) {
  if (!card.suggestions?.length) return [];
  const drafts = element("div", { "aria-live": "polite" });
  const buttons = card.suggestions.map((suggestion) => {
    const button = element("button", { type: "button" }, suggestion.label);
    button.addEventListener("click", () => {
      if (card.selectionBehavior === "at-most-one") buttons.forEach((each) => { each.disabled = true; });
      drafts.replaceChildren(element("p", {}, "Drafts that an EHR would now create, for a person to complete or discard:"),
        element("ul", {}, ...(suggestion.actions ?? []).map((action) => element("li", {}, draftOf(action)))));
      say({ outcome: "accepted", acceptedSuggestions: [{ id: suggestion.uuid }], outcomeTimestamp: new Date().toISOString() });
    });
    return button;
  });
  return [element("div", { class: "suggestions", role: "group", "aria-label": "Suggestions, at most one" }, ...buttons), drafts];
}

function draftOf(action) {
  const dose = action.resource?.dosageInstruction?.[0]?.text;
  return `${action.resource?.medicationCodeableConcept?.text ?? action.description}${dose ? `: ${dose}` : ""}`;
}

function links(card) {
  const safe = (card.links ?? []).filter((link) => /^https?:\/\//.test(link.url));
  if (!safe.length) return [];
  const items = safe.map((link) => element("li", {}, element("a", { href: link.url, target: "_blank", rel: "noopener noreferrer" }, link.label)));
  return [element("ul", { class: "links" }, ...items)];
}

function overrides(card, number, say) {
  const reasons = card.overrideReasons ?? [];
  const choice = element("select", { id: `reason-${number}` }, element("option", { value: "" }, "no reason given"),
    ...reasons.map((reason, place) => element("option", { value: place }, reason.display ?? reason.code)));
  const comment = element("textarea", { id: `comment-${number}`, rows: 2, maxlength: 4000 });
  const button = element("button", { type: "button" }, "Dismiss the card");
  button.addEventListener("click", () => {
    const reason = reasons[choice.value];
    const overrideReason = {
      ...(choice.value !== "" && reason ? { reason: { system: reason.system, code: reason.code } } : {}),
      ...(comment.value.trim() ? { userComment: comment.value.trim() } : {}),
    };
    say({ outcome: "overridden", ...(Object.keys(overrideReason).length ? { overrideReason } : {}), outcomeTimestamp: new Date().toISOString() });
  });
  return [element("details", {}, element("summary", {}, "Override"),
    element("fieldset", {}, element("legend", {}, "Why the card is not followed"),
      element("label", { for: choice.id }, "Reason"), choice, element("label", { for: comment.id }, "Comment"), comment,
      element("p", { class: "actions" }, button)))];
}
