// Values of flags as click reads them from the environment. Text to value; null is what click refuses.

const TRUE = new Set(['1', 'true', 't', 'yes', 'y', 'on'])
const FALSE = new Set(['0', 'false', 'f', 'no', 'n', 'off'])

/** click.BOOL: case and blanks around do not matter. */
export function parseBoolean(text: string): boolean | null {
  const word = text.trim().toLowerCase()
  return TRUE.has(word) ? true : FALSE.has(word) ? false : null
}
