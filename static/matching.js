// What a typed text means, as evolution/exhibits/filters.py has it: digits are a whole name, words may be parts of one.
export function isNamed(name, text) {
  const typed = text.trim().toLowerCase();
  if (/^\d+$/.test(typed)) return name === typed;
  return typed.split(/\s+/).every((word) => name.toLowerCase().includes(word));
}
