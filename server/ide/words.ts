// The word around an offset, as Jinja and YAML names have it.

export function wordStart(text: string, offset: number): number {
  let start = offset
  while (start > 0 && /\w/.test(text[start - 1] ?? '')) start--
  return start
}

export function wordEnd(text: string, offset: number): number {
  let end = offset
  while (end < text.length && /\w/.test(text[end] ?? '')) end++
  return end
}

/** With the dots before it: `dbt_utils.st|ar` gives the start of `dbt_utils`. */
export function dottedStart(text: string, offset: number): number {
  let start = offset
  while (start > 0 && /[\w.]/.test(text[start - 1] ?? '')) start--
  return start
}
