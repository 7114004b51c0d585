/** Finds and makes elements. Text goes into the page as text, never as markup. */

export const at = (id) => document.getElementById(id);

export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
