// Card details are GitHub-flavoured Markdown. They are rendered without raw HTML, and what comes out is sanitised all the same.
const renderer = globalThis.markdownit({ html: false, linkify: false, breaks: false });
const ALLOWED = {
  ALLOWED_TAGS: ["p", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "a", "table", "thead", "tbody",
    "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"],
  ALLOWED_ATTR: ["href"],
  ALLOWED_URI_REGEXP: /^https:\/\//,
  RETURN_DOM_FRAGMENT: true,
};

export function rendered(markdown) {
  return globalThis.DOMPurify.sanitize(renderer.render(markdown), ALLOWED);
}
