// Elements made from text alone: nothing that comes from a chart is ever read as markup.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(attribute, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

export function outcomeOf(body) {
  // An OperationOutcome as paragraphs: what the service said, in its own words.
  const issues = Array.isArray(body?.issue) ? body.issue : [];
  const lines = issues.map((issue) => {
    const coding = issue.details?.coding?.[0]?.code ?? issue.code ?? "";
    const where = issue.expression?.length ? ` (${issue.expression.join(", ")})` : "";
    const more = issue.diagnostics ? ` ${issue.diagnostics}` : "";
    return element("p", {}, element("strong", {}, coding), ` ${issue.details?.text ?? ""}${more}${where}`);
  });
  return element("div", { class: "outcome", role: "alert" }, ...(lines.length ? lines : [element("p", {}, "No further word from the service.")]));
}
