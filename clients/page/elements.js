/** Finds and creates elements. Text is set as text content, never as markup. */

export const at = (id) => document.getElementById(id);

export function element(tag, properties, ...children) {
  const created = Object.assign(document.createElement(tag), properties);
  created.append(...children);
  return created;
}
